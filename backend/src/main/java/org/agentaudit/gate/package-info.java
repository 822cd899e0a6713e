/// The verdict of the command `check`, for a pipeline that must go on or stop: [Gate] assembles one
/// [GateReport] from the compliance report, the findings and the comparison with a baseline, none
/// of them defined here; the others write it as text, JUnit XML and SARIF. What events say is
/// hostile to terminals and to CI systems that read commands from output, see [Printable]. Uses
/// `ingest`, `query`, `analysis`, `finding`, `compliance`, `report` and `access`.
@NullMarked
package org.agentaudit.gate;

import org.jspecify.annotations.NullMarked;
