package org.agentaudit.web;

import io.micronaut.context.annotation.Value;
import io.micronaut.context.event.BeanCreatedEvent;
import io.micronaut.context.event.BeanCreatedEventListener;
import io.micronaut.http.netty.channel.ChannelPipelineCustomizer;
import io.micronaut.http.server.netty.NettyServerCustomizer;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http.LastHttpContent;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// Closes the connection of a client that does not send its whole request, header and body, in
/// time. The server's own idle timeout sees a byte now and then as activity and waits for ever.
@Singleton
class RequestDeadline implements BeanCreatedEventListener<NettyServerCustomizer.Registry> {
    private static final String BYTES = "portal-request-starts";
    private static final String REQUESTS = "portal-request-ends";

    private final Duration limit;

    RequestDeadline(@Value("${portal.receive-within:60s}") Duration limit) {
        this.limit = limit;
    }

    @Override
    public NettyServerCustomizer.Registry onCreated(
            BeanCreatedEvent<NettyServerCustomizer.Registry> event) {
        NettyServerCustomizer.Registry registry = event.getBean();
        registry.register(new Customizer(null, limit));
        return registry;
    }

    private record Customizer(@Nullable Channel channel, Duration limit)
            implements NettyServerCustomizer {
        @Override
        public NettyServerCustomizer specializeForChannel(Channel channel, ChannelRole role) {
            return new Customizer(channel, limit);
        }

        @Override
        public void onStreamPipelineBuilt() {
            String codec = ChannelPipelineCustomizer.HANDLER_HTTP_SERVER_CODEC;
            Channel built = channel;
            if (built != null
                    && built.pipeline().get(codec) != null
                    && built.pipeline().get(BYTES) == null) {
                Start start = new Start(limit);
                built.pipeline().addBefore(codec, BYTES, start);
                built.pipeline().addAfter(codec, REQUESTS, new End(start));
            }
        }
    }

    /// Sees bytes: the first one after the end of a request begins the next one.
    private static final class Start extends ChannelInboundHandlerAdapter {
        private final Duration limit;
        private @Nullable ScheduledFuture<?> deadline;

        Start(Duration limit) {
            this.limit = limit;
        }

        @Override
        public void channelRead(ChannelHandlerContext context, Object message) {
            if (context.pipeline().get(ChannelPipelineCustomizer.HANDLER_HTTP_SERVER_CODEC)
                    == null) {
                // A WebSocket by now: what comes is no request, and has limits of its own.
                ended();
                context.pipeline().remove(this);
                context.fireChannelRead(message);
                return;
            }
            if (deadline == null) {
                deadline =
                        context.executor()
                                .schedule(
                                        (Runnable) context::close,
                                        limit.toMillis(),
                                        TimeUnit.MILLISECONDS);
            }
            context.fireChannelRead(message);
        }

        @Override
        public void channelInactive(ChannelHandlerContext context) {
            ended();
            context.fireChannelInactive();
        }

        void ended() {
            ScheduledFuture<?> running = deadline;
            if (running != null) {
                running.cancel(false);
                deadline = null;
            }
        }
    }

    private static final class End extends ChannelInboundHandlerAdapter {
        private final Start start;

        End(Start start) {
            this.start = start;
        }

        @Override
        public void channelRead(ChannelHandlerContext context, Object message) {
            if (message instanceof LastHttpContent) {
                start.ended();
            }
            context.fireChannelRead(message);
        }
    }
}
