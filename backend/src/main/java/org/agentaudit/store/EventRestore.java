package org.agentaudit.store;

import java.util.List;
import org.agentaudit.proof.ArchiveRecord;

/// Brings archived events back.
public interface EventRestore {

    /// Stores events as they were, in one transaction.
    ///
    /// @param records verified, see [org.agentaudit.proof.ArchiveReader]
    /// @return one result per event in the same order
    List<AppendResult> restore(List<ArchiveRecord> records);
}
