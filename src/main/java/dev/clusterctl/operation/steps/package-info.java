/** The steps that `up` is made of: each makes one thing true on one machine, or of the cluster. */
@NullMarked
package dev.clusterctl.operation.steps;

import org.jspecify.annotations.NullMarked;
