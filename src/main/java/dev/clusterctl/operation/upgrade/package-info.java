/** What has to be known and decided before servers get another version, one node at a time. */
@NullMarked
package dev.clusterctl.operation.upgrade;

import org.jspecify.annotations.NullMarked;
