package org.agentaudit.web;

import io.micronaut.http.HttpResponse;
import io.micronaut.http.MediaType;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Get;
import io.micronaut.http.annotation.Produces;
import io.micronaut.security.annotation.Secured;
import io.micronaut.security.rules.SecurityRule;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;

/// Description of the calls that are not GraphQL, written by hand (`openapi.yaml`).
@Controller("/openapi")
@Secured(SecurityRule.IS_AUTHENTICATED)
class OpenApiController {

    private static final MediaType YAML = new MediaType("application/yaml");

    @Get
    @Produces({"application/yaml", MediaType.TEXT_HTML, MediaType.ALL})
    HttpResponse<byte[]> description() {
        try (InputStream file = OpenApiController.class.getResourceAsStream("/openapi.yaml")) {
            if (file == null) {
                throw new IllegalStateException("openapi.yaml is not in the jar");
            }
            return HttpResponse.ok(file.readAllBytes()).contentType(YAML);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
