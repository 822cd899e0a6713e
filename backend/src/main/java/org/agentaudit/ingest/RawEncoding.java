package org.agentaudit.ingest;

import io.micronaut.context.event.BeanCreatedEvent;
import io.micronaut.context.event.BeanCreatedEventListener;
import io.micronaut.http.netty.channel.ChannelPipelineCustomizer;
import io.micronaut.http.server.netty.NettyServerCustomizer;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import jakarta.inject.Singleton;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Keeps the HTTP server from unpacking bodies of events by itself: it ignores encodings it does
/// not know, answers 500 when a checksum is wrong, and knows no limit. For those requests the
/// header is moved aside before the server sees it.
@Singleton
class RawEncoding implements BeanCreatedEventListener<NettyServerCustomizer.Registry> {
    /// Where the encoding of the body stands instead; what a client sends under this name is
    /// removed.
    static final String HEADER = "X-Portal-Body-Encoding";

    private static final String HANDLER = "portal-raw-encoding";
    private static final Set<String> PATHS =
            Set.of("/log", "/api/events", "/hooks/claude-code", "/v1/traces", "/v1/logs");

    @Override
    public NettyServerCustomizer.Registry onCreated(
            BeanCreatedEvent<NettyServerCustomizer.Registry> event) {
        NettyServerCustomizer.Registry registry = event.getBean();
        registry.register(new Customizer(null));
        return registry;
    }

    private static final class Customizer implements NettyServerCustomizer {
        private final @Nullable Channel channel;

        Customizer(@Nullable Channel channel) {
            this.channel = channel;
        }

        @Override
        public NettyServerCustomizer specializeForChannel(Channel channel, ChannelRole role) {
            return new Customizer(channel);
        }

        @Override
        public void onStreamPipelineBuilt() {
            Channel built = channel;
            if (built != null
                    && built.pipeline().get(ChannelPipelineCustomizer.HANDLER_HTTP_SERVER_CODEC)
                            != null
                    && built.pipeline().get(HANDLER) == null) {
                built.pipeline()
                        .addAfter(
                                ChannelPipelineCustomizer.HANDLER_HTTP_SERVER_CODEC,
                                HANDLER,
                                new Handler());
            }
        }
    }

    private static final class Handler extends ChannelInboundHandlerAdapter {
        @Override
        public void channelRead(ChannelHandlerContext context, Object message) {
            if (message instanceof HttpRequest request) {
                request.headers().remove(HEADER);
                if (takesEvents(request)) {
                    String encoding =
                            String.join(
                                    ",",
                                    request.headers().getAll(HttpHeaderNames.CONTENT_ENCODING));
                    request.headers().remove(HttpHeaderNames.CONTENT_ENCODING);
                    if (!encoding.isEmpty()) {
                        request.headers().set(HEADER, encoding);
                    }
                }
            }
            context.fireChannelRead(message);
        }

        private static boolean takesEvents(HttpRequest request) {
            String uri = request.uri();
            int query = uri.indexOf('?');
            String path = query < 0 ? uri : uri.substring(0, query);
            return request.method().equals(HttpMethod.POST)
                    && PATHS.contains(
                            path.length() > 1 && path.endsWith("/")
                                    ? path.substring(0, path.length() - 1)
                                    : path);
        }
    }
}
