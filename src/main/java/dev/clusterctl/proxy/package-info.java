/** ProxySQL's admin interface and MySQL Router. */
@NullMarked
package dev.clusterctl.proxy;

import org.jspecify.annotations.NullMarked;
