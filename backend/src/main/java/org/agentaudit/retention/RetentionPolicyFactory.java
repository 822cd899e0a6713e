package org.agentaudit.retention;

import io.micronaut.context.annotation.Factory;
import jakarta.inject.Singleton;

/// Makes the policy in force from the settings, so that a mistake in them stops the start.
@Factory
class RetentionPolicyFactory {

    @Singleton
    RetentionPolicy policy(RetentionConfig config) {
        return config.policy();
    }
}
