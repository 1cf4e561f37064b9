/**
 * The fail-over test: a node is taken down while clients write and read, and what they felt, and
 * whether anything that was acknowledged got lost, is measured from their side.
 */
@NullMarked
package dev.clusterctl.operation.failover;

import org.jspecify.annotations.NullMarked;
