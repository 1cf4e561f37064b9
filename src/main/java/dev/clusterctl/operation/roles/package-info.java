/** Changes of roles: who takes writes, by plan or because the source is gone. */
@NullMarked
package dev.clusterctl.operation.roles;

import org.jspecify.annotations.NullMarked;
