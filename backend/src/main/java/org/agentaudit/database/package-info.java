/// The PostgreSQL server that comes with the portal: unpacks the binaries, makes the cluster,
/// starts and stops the server. Made for keeping evidence: every commit is on disk when it returns,
/// nobody gets in without the password, one portal per data folder. Start at
/// [org.agentaudit.database.EmbeddedDatabase]. Uses no other package of the portal.
@NullMarked
package org.agentaudit.database;

import org.jspecify.annotations.NullMarked;
