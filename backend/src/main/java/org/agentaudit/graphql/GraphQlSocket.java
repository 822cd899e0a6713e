package org.agentaudit.graphql;

import io.micronaut.http.HttpRequest;
import io.micronaut.http.server.netty.NettyHttpRequest;
import io.micronaut.security.annotation.Secured;
import io.micronaut.security.rules.SecurityRule;
import io.micronaut.websocket.CloseReason;
import io.micronaut.websocket.WebSocketSession;
import io.micronaut.websocket.annotation.OnClose;
import io.micronaut.websocket.annotation.OnError;
import io.micronaut.websocket.annotation.OnMessage;
import io.micronaut.websocket.annotation.OnOpen;
import io.micronaut.websocket.annotation.ServerWebSocket;
import io.netty.channel.Channel;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.codec.http.websocketx.WebSocketFrameAggregator;
import org.agentaudit.access.Identification;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// GraphQL over a WebSocket, sub-protocol `graphql-transport-ws`. Open to everybody until
/// `connection_init`, because a browser can send no header; nothing is answered before. All methods
/// run on the connection's event loop and only hand over.
@ServerWebSocket(value = "/graphql-ws", subprotocols = SocketConnection.PROTOCOL)
@Secured(SecurityRule.IS_ANONYMOUS)
class GraphQlSocket {
    private static final Logger LOG = LoggerFactory.getLogger(GraphQlSocket.class);
    private static final String CONNECTION = "connection";

    /// Bytes of one frame at most; what a message may have is decided by the setting.
    private static final int MAX_FRAME = 1 << 20;

    private final GraphQlEngine engine;
    private final LiveSubscriptions live;
    private final Identification identification;
    private final LiveConfig config;

    GraphQlSocket(
            GraphQlEngine engine,
            LiveSubscriptions live,
            Identification identification,
            LiveConfig config) {
        this.engine = engine;
        this.live = live;
        this.identification = identification;
        this.config = config;
    }

    @OnOpen
    void open(WebSocketSession session, HttpRequest<?> request) {
        if (!(request instanceof NettyHttpRequest<?> netty)) {
            throw new IllegalStateException("the server is Netty");
        }
        Channel channel = netty.getChannelHandlerContext().channel();
        limitMessages(channel.pipeline());
        SocketConnection connection =
                new SocketConnection(
                        engine, live, identification, config, session, channel, request);
        session.put(CONNECTION, connection);
        connection.start();
    }

    /// A message in pieces would otherwise be collected without an end.
    private void limitMessages(ChannelPipeline pipeline) {
        pipeline.addAfter(
                "wsdecoder",
                "portal-message-limit",
                new WebSocketFrameAggregator(config.maxMessageBytes()));
    }

    @OnMessage(maxPayloadLength = MAX_FRAME)
    void message(String text, WebSocketSession session) {
        session.get(CONNECTION, SocketConnection.class).ifPresent(found -> found.receive(text));
    }

    @OnClose
    void close(WebSocketSession session) {
        session.get(CONNECTION, SocketConnection.class).ifPresent(SocketConnection::gone);
    }

    /// A frame that is too long or broken; what the client sent is not told.
    @OnError
    void error(WebSocketSession session, Throwable failure) {
        LOG.debug("A WebSocket failed: {}", failure.getClass().getName());
        session.get(CONNECTION, SocketConnection.class)
                .ifPresentOrElse(
                        found -> found.close(SocketConnection.BAD_MESSAGE),
                        () -> session.close(CloseReason.PROTOCOL_ERROR));
    }
}
