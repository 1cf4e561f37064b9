/**
 * What AdminAPI and MySQL Router know of an InnoDB Cluster: the schema, its rows, what is wrong.
 */
@NullMarked
package dev.clusterctl.mysql.metadata;

import org.jspecify.annotations.NullMarked;
