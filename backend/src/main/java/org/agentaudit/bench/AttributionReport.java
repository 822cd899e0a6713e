package org.agentaudit.bench;

/// How often forensics point at the labelled agent and step.
///
/// @param design  the half of the runs that was looked at while rules were written
/// @param unseen  the half that was only measured
public record AttributionReport(Half design, Half unseen) {

    /// Published for the data set, over all of its runs, hand-made ones included: the best method
    /// for the agent and the best for the step, both by large language models (Zhang et al., ICML
    /// 2025, arXiv 2505.00212).
    public static final double PUBLISHED_AGENT = 0.535;

    public static final double PUBLISHED_STEP = 0.142;

    /// Counts over one half. An answer is right about the agent when the first cited event is that
    /// agent's, and right about the step when that event was made from that very entry of the run.
    ///
    /// @param silent       runs for which no root cause was stated
    /// @param randomAgent  expected share of an agent drawn evenly among those who speak
    /// @param randomStep   expected share of a step drawn evenly among the run's entries
    /// @param busiestAgent runs in which the agent who speaks most is the labelled one
    /// @param firstAnswerAgent runs in which it is the agent that speaks first after the task
    /// @param firstAnswerStep  runs in which that agent's first answer is the labelled step
    public record Half(
            int runs,
            int agent,
            int step,
            int silent,
            double randomAgent,
            double randomStep,
            int busiestAgent,
            int firstAnswerAgent,
            int firstAnswerStep) {}
}
