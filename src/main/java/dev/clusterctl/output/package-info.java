/** The owner of the terminal: live progress, plain lines, JSON, tables. Others only emit events. */
@NullMarked
package dev.clusterctl.output;

import org.jspecify.annotations.NullMarked;
