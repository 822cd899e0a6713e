package org.agentaudit.access;

import io.micronaut.core.convert.ArgumentConversionContext;
import io.micronaut.core.type.Argument;
import io.micronaut.http.HttpRequest;
import io.micronaut.http.bind.binders.TypedRequestArgumentBinder;
import jakarta.inject.Singleton;
import java.util.Optional;

/// Lets a controller method take the [Viewer] of its request as an argument; null for a `@Nullable`
/// one when nobody signed in.
@Singleton
class ViewerBinder implements TypedRequestArgumentBinder<Viewer> {
    private static final Argument<Viewer> VIEWER = Argument.of(Viewer.class);

    @Override
    public Argument<Viewer> argumentType() {
        return VIEWER;
    }

    @Override
    public BindingResult<Viewer> bind(
            ArgumentConversionContext<Viewer> context, HttpRequest<?> request) {
        Optional<Viewer> viewer = Identity.of(request).map(Identity::viewer);
        return viewer.isPresent() ? () -> viewer : BindingResult.empty();
    }
}
