/**
 * What the user asked for: immutable records, read from YAML with line and column, and validated.
 */
@NullMarked
package dev.clusterctl.topology;

import org.jspecify.annotations.NullMarked;
