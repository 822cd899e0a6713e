package org.agentaudit.admin;

import io.micronaut.http.HttpHeaders;
import io.micronaut.http.HttpRequest;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.HttpStatus;
import io.micronaut.http.MediaType;
import io.micronaut.http.MutableHttpResponse;
import io.micronaut.http.annotation.Body;
import io.micronaut.http.annotation.Consumes;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Get;
import io.micronaut.http.annotation.PathVariable;
import io.micronaut.http.annotation.Post;
import io.micronaut.http.annotation.Produces;
import io.micronaut.http.annotation.QueryValue;
import io.micronaut.scheduling.TaskExecutors;
import io.micronaut.scheduling.annotation.ExecuteOn;
import io.micronaut.security.annotation.Secured;
import java.net.URI;
import java.time.Instant;
import java.util.EnumSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.agentaudit.access.AccessLog;
import org.agentaudit.access.AccessLogEntry;
import org.agentaudit.access.AccessLogQuery;
import org.agentaudit.access.FieldProblem;
import org.agentaudit.access.Role;
import org.agentaudit.access.UserAccount;
import org.agentaudit.access.UserAccounts;
import org.agentaudit.access.Viewer;
import org.agentaudit.web.FormTokens;
import org.agentaudit.web.Links;
import org.agentaudit.web.Pages;
import org.agentaudit.web.Problems;
import org.jspecify.annotations.Nullable;

/// The pages of users. Passwords are never shown but for one that the portal made, once.
@Controller("/admin/users")
@Produces(MediaType.TEXT_HTML)
@Secured("ADMIN")
@ExecuteOn(TaskExecutors.BLOCKING)
class UserController {

    private static final String PATH = "/admin/users";
    private static final int LATEST = 10;

    /// What was done, by the word that stands for it in the address.
    private static final Map<String, String> NOTES =
            Map.of(
                    "added", "The user can sign in with the password you gave.",
                    "roles",
                            "Roles and agents are changed and hold from the user's next request on.",
                    "password", "The password is changed; every session of the user has ended.",
                    "disabled", "The user cannot sign in any more; every session has ended.",
                    "enabled", "The user may sign in again.");

    private final UserAccounts users;
    private final AccessLog accessLog;
    private final FormTokens formTokens;
    private final Pages pages;
    private final Problems problems;

    UserController(
            UserAccounts users,
            AccessLog accessLog,
            FormTokens formTokens,
            Pages pages,
            Problems problems) {
        this.users = users;
        this.accessLog = accessLog;
        this.formTokens = formTokens;
        this.pages = pages;
        this.problems = problems;
    }

    @Get
    HttpResponse<?> list(@QueryValue @Nullable String note) {
        return list(note(note), null, UserListPage.Typed.NOTHING, Map.of());
    }

    /// Without a password the portal makes one, which the answer shows once.
    @Post
    @Consumes(MediaType.APPLICATION_FORM_URLENCODED)
    HttpResponse<?> add(HttpRequest<?> request, @Body Map<String, Object> body) {
        Fields form = new Fields(body);
        Viewer viewer = formTokens.require(request, form.csrf()).viewer();
        boolean given = !form.raw("password").isEmpty();
        String password = given ? form.raw("password") : users.newPassword();
        try {
            UserAccount user =
                    users.add(
                            viewer.username(),
                            form.text("username"),
                            password,
                            roles(form),
                            scope(form));
            return given
                    ? seeOther(user.username(), "added")
                    : list(
                            null,
                            new UserListPage.OneTimePassword(user.username(), password),
                            UserListPage.Typed.NOTHING,
                            Map.of());
        } catch (FieldProblem e) {
            return list(null, null, typed(form), Map.of(e.field(), message(e)))
                    .status(HttpStatus.BAD_REQUEST);
        }
    }

    @Get("/{name}")
    HttpResponse<?> user(
            HttpRequest<?> request,
            Viewer viewer,
            @PathVariable String name,
            @QueryValue @Nullable String note) {
        return users.find(name)
                .<HttpResponse<?>>map(user -> page(viewer, user, note(note), null, null, Map.of()))
                .orElseGet(() -> unknown(request));
    }

    @Post("/{name}/roles")
    @Consumes(MediaType.APPLICATION_FORM_URLENCODED)
    HttpResponse<?> roles(
            HttpRequest<?> request, @PathVariable String name, @Body Map<String, Object> body) {
        return change(
                request,
                name,
                new Fields(body),
                "roles",
                (actor, form) -> users.setRoles(actor, name, roles(form), scope(form)));
    }

    @Post("/{name}/disable")
    @Consumes(MediaType.APPLICATION_FORM_URLENCODED)
    HttpResponse<?> disable(
            HttpRequest<?> request, @PathVariable String name, @Body Map<String, Object> body) {
        return change(
                request,
                name,
                new Fields(body),
                "disabled",
                (actor, form) -> users.disable(actor, name));
    }

    @Post("/{name}/enable")
    @Consumes(MediaType.APPLICATION_FORM_URLENCODED)
    HttpResponse<?> enable(
            HttpRequest<?> request, @PathVariable String name, @Body Map<String, Object> body) {
        return change(
                request,
                name,
                new Fields(body),
                "enabled",
                (actor, form) -> users.enable(actor, name));
    }

    /// Without a password the portal makes one, which the answer shows once.
    @Post("/{name}/password")
    @Consumes(MediaType.APPLICATION_FORM_URLENCODED)
    HttpResponse<?> password(
            HttpRequest<?> request, @PathVariable String name, @Body Map<String, Object> body) {
        Fields form = new Fields(body);
        if (!form.raw("password").isEmpty()) {
            return change(
                    request,
                    name,
                    form,
                    "password",
                    (actor, sent) -> users.setPassword(actor, name, sent.raw("password")));
        }
        Viewer viewer = formTokens.require(request, form.csrf()).viewer();
        UserAccount user = users.find(name).orElse(null);
        if (user == null) {
            return unknown(request);
        }
        String password = users.newPassword();
        users.setPassword(viewer.username(), user.username(), password);
        return page(viewer, user, null, password, null, Map.of());
    }

    private interface Change {
        void apply(String actor, Fields form);
    }

    private HttpResponse<?> change(
            HttpRequest<?> request, String name, Fields form, String note, Change change) {
        Viewer viewer = formTokens.require(request, form.csrf()).viewer();
        UserAccount user = users.find(name).orElse(null);
        if (user == null) {
            return unknown(request);
        }
        try {
            change.apply(viewer.username(), form);
            return seeOther(user.username(), note);
        } catch (FieldProblem e) {
            UserListPage.Typed typed = note.equals("roles") ? typed(form) : null;
            String field = note.equals("disabled") ? "disable" : e.field();
            return page(viewer, user, null, null, typed, Map.of(field, message(e)))
                    .status(HttpStatus.BAD_REQUEST);
        }
    }

    private MutableHttpResponse<?> list(
            @Nullable String note,
            UserListPage.@Nullable OneTimePassword password,
            UserListPage.Typed typed,
            Map<String, String> problemsByField) {
        Map<String, Instant> last = users.lastSignIns();
        List<UserRow> rows =
                users.list().stream()
                        .map(user -> UserRow.of(user, last.get(user.username())))
                        .toList();
        return unkept(
                pages.render(
                        "admin/users",
                        new UserListPage(
                                note, password, rows, RoleWords.ALL, typed, problemsByField)));
    }

    private MutableHttpResponse<?> page(
            Viewer viewer,
            UserAccount user,
            @Nullable String note,
            @Nullable String password,
            UserListPage.@Nullable Typed typed,
            Map<String, String> problemsByField) {
        List<AccessLogEntry> latest =
                accessLog.find(
                        viewer,
                        new AccessLogQuery(null, null, user.username(), null, null, null, LATEST));
        return unkept(
                pages.render(
                        "admin/user",
                        new UserPage(
                                note,
                                password,
                                UserRow.of(user, users.lastSignIns().get(user.username())),
                                RoleWords.ALL,
                                typed == null ? standing(user) : typed,
                                problemsByField,
                                latest,
                                Links.address(
                                        AccessLogController.PATH,
                                        Map.of("user", List.of(user.username()))),
                                viewer.username().equals(user.username()))));
    }

    private static MutableHttpResponse<String> unkept(MutableHttpResponse<String> answer) {
        return answer.header(HttpHeaders.CACHE_CONTROL, "no-store");
    }

    private HttpResponse<?> unknown(HttpRequest<?> request) {
        return problems.answer(request, HttpStatus.NOT_FOUND, "There is no user of this name.");
    }

    private static HttpResponse<?> seeOther(String username, String note) {
        return HttpResponse.seeOther(URI.create(PATH + "/" + username + "?note=" + note));
    }

    private static @Nullable String note(@Nullable String note) {
        return note == null ? null : NOTES.get(note);
    }

    private static String message(FieldProblem problem) {
        String message = problem.getMessage();
        return message == null ? "" : message;
    }

    private static Set<Role> roles(Fields form) {
        Set<Role> roles = EnumSet.noneOf(Role.class);
        for (Role role : Role.values()) {
            if (form.all("roles").contains(role.name())) {
                roles.add(role);
            }
        }
        return roles;
    }

    /// Patterns stand on lines of their own.
    private static List<String> scope(Fields form) {
        return form.raw("agentScope")
                .lines()
                .map(String::strip)
                .filter(line -> !line.isEmpty())
                .distinct()
                .toList();
    }

    private static UserListPage.Typed typed(Fields form) {
        return new UserListPage.Typed(
                form.text("username"),
                new LinkedHashSet<>(form.all("roles")),
                form.raw("agentScope"));
    }

    private static UserListPage.Typed standing(UserAccount user) {
        return new UserListPage.Typed(
                user.username(),
                user.roles().stream().map(Role::name).collect(Collectors.toSet()),
                String.join("\n", user.agentScope()));
    }
}
