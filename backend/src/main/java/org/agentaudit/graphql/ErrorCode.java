package org.agentaudit.graphql;

/// The values of `extensions.code` in GraphQL errors.
enum ErrorCode {
    UNAUTHENTICATED,
    FORBIDDEN,
    BAD_USER_INPUT,
    NOT_FOUND,
    /// The schema promises it, this version does not do it yet.
    NOT_IMPLEMENTED,
    LIMIT_EXCEEDED,
    INTERNAL
}
