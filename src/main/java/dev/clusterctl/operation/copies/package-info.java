/** Whether the nodes' copies of the data are the same, and stay so. */
@NullMarked
package dev.clusterctl.operation.copies;

import org.jspecify.annotations.NullMarked;
