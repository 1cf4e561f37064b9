/** A test of replication with files as people upload them. */
@NullMarked
package dev.clusterctl.operation.files;

import org.jspecify.annotations.NullMarked;
