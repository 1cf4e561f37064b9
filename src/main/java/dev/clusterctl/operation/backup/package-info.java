/** A full copy of a node in a local folder, and a cluster made from one. */
@NullMarked
package dev.clusterctl.operation.backup;

import org.jspecify.annotations.NullMarked;
