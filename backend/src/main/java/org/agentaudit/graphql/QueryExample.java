package org.agentaudit.graphql;

/// An example in the editor.
///
/// @param id        of the question it answers, for instance `Y1`
/// @param title     what it answers, one line
/// @param query     GraphQL document of one operation
/// @param variables JSON object, times already filled in
public record QueryExample(String id, String title, String query, String variables) {}
