package org.agentaudit.access;

import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/// Checks user names and passwords. Each attempt that was looked at, good or bad, is an entry in
/// the access log; attempts that are turned away unseen after repeated failures are not, so that
/// guessing cannot fill the log.
@Singleton
public class SignIn {
    /// A password hash takes 19 MiB and a processor: only so many at once.
    private static final int AT_ONCE = Math.max(2, Runtime.getRuntime().availableProcessors());

    private static final Duration LONGEST_QUEUE = Duration.ofSeconds(10);
    private static final int MAX_NAME = 256;

    private final UserAccounts users;
    private final Passwords passwords;
    private final Sessions sessions;
    private final AccessLog accessLog;
    private final SignInThrottle throttle;
    private final Semaphore places = new Semaphore(AT_ONCE, true);

    SignIn(
            UserAccounts users,
            Passwords passwords,
            Sessions sessions,
            AccessLog accessLog,
            SignInThrottle throttle) {
        this.users = users;
        this.passwords = passwords;
        this.sessions = sessions;
        this.accessLog = accessLog;
        this.throttle = throttle;
    }

    /// Opens a session of an API client.
    ///
    /// @param address where the attempt comes from
    public SignInResult<TokenPair> api(String username, String password, String address) {
        return attempt(username, password, address, sessions::openApi);
    }

    /// Opens a session of a browser.
    ///
    /// @param address where the attempt comes from
    public SignInResult<BrowserSession> browser(String username, String password, String address) {
        return attempt(username, password, address, sessions::openBrowser);
    }

    private <S> SignInResult<S> attempt(
            String username, String password, String address, Function<String, S> open) {
        String name =
                username.substring(0, Math.min(username.length(), MAX_NAME))
                        .toLowerCase(Locale.ROOT);
        try {
            if (!places.tryAcquire(LONGEST_QUEUE.toMillis(), TimeUnit.MILLISECONDS)) {
                return new SignInResult.TooManyAttempts<>(Duration.ofSeconds(1));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("stopped while waiting for a place", e);
        }
        try {
            return checked(name, password, address, open);
        } finally {
            places.release();
        }
    }

    private <S> SignInResult<S> checked(
            String username, String password, String address, Function<String, S> open) {
        Duration wait = throttle.waitFor(username, address);
        if (wait.isPositive()) {
            return new SignInResult.TooManyAttempts<>(
                    Duration.ofSeconds(wait.plusNanos(999_999_999).toSeconds()));
        }
        Optional<UserRepository.StoredUser> user = users.stored(username);
        boolean matches =
                passwords.matches(
                        password, user.map(UserRepository.StoredUser::passwordHash).orElse(null));
        if (!matches || user.isEmpty() || user.get().account().disabled()) {
            throttle.failed(username, address);
            accessLog.record(
                    new Viewer(username, Set.of(), List.of()),
                    AccessAction.SIGN_IN_FAILED,
                    null,
                    null);
            return new SignInResult.Refused<>();
        }
        throttle.succeeded(username, address);
        UserAccount account = user.get().account();
        accessLog.record(account.viewer(), AccessAction.SIGN_IN, null, null);
        return new SignInResult.Accepted<>(open.apply(account.username()));
    }
}
