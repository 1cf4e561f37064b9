/**
 * What each version of MySQL, ProxySQL and Router can do and how it says it. No other room compares
 * versions.
 */
@NullMarked
package dev.clusterctl.dialect;

import org.jspecify.annotations.NullMarked;
