package org.agentaudit.access;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jose.crypto.MACVerifier;
import com.nimbusds.jose.util.Base64URL;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import jakarta.inject.Singleton;
import java.text.ParseException;
import java.time.Clock;
import java.time.Instant;
import java.util.Date;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Pattern;

/// Access tokens: JWTs signed with HMAC-SHA-256 that name a session and end soon. They carry no
/// roles: those are read from the user's row at each request, so that a change bites at once.
@Singleton
class AccessTokens {
    private static final String ISSUER = "agent-audit-portal";
    private static final String SESSION = "sid";
    private static final int MAX_LENGTH = 2_000;
    private static final Pattern COMPACT =
            Pattern.compile("[A-Za-z0-9_-]+\\.[A-Za-z0-9_-]+\\.[A-Za-z0-9_-]+");

    private final byte[] secret;
    private final AccessConfig config;
    private final Clock clock;

    AccessTokens(SigningKey key, AccessConfig config, Clock clock) {
        this.secret = key.secret();
        this.config = config;
        this.clock = clock;
    }

    /// @param sessionEnd the token ends with its session at the latest
    String issue(UUID session, String username, Instant sessionEnd) {
        Instant now = clock.instant();
        Instant end = now.plus(config.accessTokenLife());
        JWTClaimsSet claims =
                new JWTClaimsSet.Builder()
                        .issuer(ISSUER)
                        .subject(username)
                        .claim(SESSION, session.toString())
                        .jwtID(UUID.randomUUID().toString())
                        .issueTime(Date.from(now))
                        .expirationTime(Date.from(end.isBefore(sessionEnd) ? end : sessionEnd))
                        .build();
        SignedJWT token =
                new SignedJWT(
                        new JWSHeader.Builder(JWSAlgorithm.HS256).type(JOSEObjectType.JWT).build(),
                        claims);
        try {
            token.sign(new MACSigner(secret));
        } catch (JOSEException e) {
            throw new IllegalStateException("cannot sign an access token", e);
        }
        return token.serialize();
    }

    /// The session of a genuine token that has not expired; empty for anything else.
    Optional<UUID> session(String token) {
        if (token.length() > MAX_LENGTH || !COMPACT.matcher(token).matches()) {
            return Optional.empty();
        }
        try {
            SignedJWT jwt = SignedJWT.parse(token);
            if (!isGenuine(jwt)) {
                return Optional.empty();
            }
            JWTClaimsSet claims = jwt.getJWTClaimsSet();
            Date end = claims.getExpirationTime();
            String session = claims.getStringClaim(SESSION);
            if (!ISSUER.equals(claims.getIssuer())
                    || session == null
                    || end == null
                    || !end.toInstant().isAfter(clock.instant())) {
                return Optional.empty();
            }
            return Optional.of(UUID.fromString(session));
        } catch (ParseException | JOSEException | IllegalArgumentException e) {
            return Optional.empty(); // not one of ours
        }
    }

    /// One algorithm, no key from the token itself, and one spelling of the signature (Base64
    /// decoders ignore stray bits).
    private boolean isGenuine(SignedJWT jwt) throws JOSEException {
        Base64URL signature = jwt.getSignature();
        return JWSAlgorithm.HS256.equals(jwt.getHeader().getAlgorithm())
                && JOSEObjectType.JWT.equals(jwt.getHeader().getType())
                && Base64URL.encode(signature.decode()).equals(signature)
                && jwt.verify(new MACVerifier(secret));
    }
}
