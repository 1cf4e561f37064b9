package dev.clusterctl.load;

import java.util.List;

/**
 * What is changed about a table.
 *
 * @param key a key, as in the parentheses of CREATE TABLE, that is added there; empty: none
 * @param keyComesLater whether that key is what an ALTER TABLE adds after rows came in, which then
 *     must not add it again
 * @param insertColumns the columns that an INSERT without a list of them means; empty: it is left
 *     as it is
 * @param toInnoDb whether its engine is replaced
 */
record TableFix(String key, boolean keyComesLater, List<String> insertColumns, boolean toInnoDb) {
  static final TableFix NONE = new TableFix("", false, List.of(), false);

  TableFix {
    insertColumns = List.copyOf(insertColumns);
  }
}
