/** Copying a server's whole data to another one. */
@NullMarked
package dev.clusterctl.operation.seeding;

import org.jspecify.annotations.NullMarked;
