package org.agentaudit.web;

import org.thymeleaf.exceptions.TemplateEngineException;
import org.thymeleaf.exceptions.TemplateProcessingException;

/// What may be told of a template that failed. The engine's own exceptions quote the page, and with
/// it event content, which must not reach the log.
public final class TemplateFailure {
    private TemplateFailure() {}

    /// The place and the kind of the failure, with its stack.
    public static IllegalStateException of(String template, TemplateEngineException exception) {
        Throwable cause = exception;
        for (Throwable next = cause; next != null; next = next.getCause()) {
            cause = next;
        }
        String place =
                exception instanceof TemplateProcessingException at
                        ? at.getTemplateName() + ", line " + at.getLine()
                        : template;
        IllegalStateException failure =
                new IllegalStateException("template " + place + ": " + cause.getClass().getName());
        failure.setStackTrace(cause.getStackTrace());
        return failure;
    }
}
