/** picocli commands, one class each: options in, exit code out. */
@NullMarked
package dev.clusterctl.cli;

import org.jspecify.annotations.NullMarked;
