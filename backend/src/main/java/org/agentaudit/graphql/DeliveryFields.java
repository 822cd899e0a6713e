package org.agentaudit.graphql;

import graphql.schema.DataFetchingEnvironment;
import jakarta.inject.Singleton;
import java.util.Objects;
import java.util.Optional;
import org.agentaudit.access.Viewer;
import org.agentaudit.delivery.Delivery;
import org.agentaudit.delivery.ReportKind;
import org.agentaudit.delivery.ReportSubscription;
import org.agentaudit.delivery.ReportSubscriptions;
import org.agentaudit.delivery.SubscriptionInput;
import org.agentaudit.report.DailySummary;
import org.agentaudit.report.DayReviews;

/// Report subscriptions, sending one now, and reviews of a day.
@Singleton
final class DeliveryFields implements FieldSource {
    private static final String TYPE = "ReportSubscription";

    private final ReportSubscriptions subscriptions;
    private final DayReviews reviews;

    DeliveryFields(ReportSubscriptions subscriptions, DayReviews reviews) {
        this.subscriptions = subscriptions;
        this.reviews = reviews;
    }

    @Override
    public void register(FieldRegistry fields) {
        fields.field(
                "Query",
                "reportSubscriptions",
                environment -> subscriptions.list(RequestContext.of(environment).viewer()));
        fields.field("Mutation", "saveReportSubscription", this::save);
        fields.field("Mutation", "deleteReportSubscription", this::delete);
        fields.field("Mutation", "sendReport", this::send);
        fields.field("Mutation", "reviewDay", this::review);
        fields.record(TYPE, ReportSubscription.class);
        fields.value(TYPE, "sendAt", ReportSubscription.class, found -> found.sendAt().toString());
        fields.value(TYPE, "timeZone", ReportSubscription.class, found -> found.timeZone().getId());
        fields.record("Delivery", Delivery.class);
    }

    private ReportSubscription save(DataFetchingEnvironment environment) {
        Arguments arguments = Arguments.of(environment);
        Arguments given = Objects.requireNonNull(arguments.object("subscription"));
        SubscriptionInput input =
                SubscriptionInput.of(
                        given.requiredChoice("kind", ReportKind.class),
                        Objects.requireNonNull(given.texts("recipients")),
                        given.requiredText("sendAt"),
                        given.requiredText("timeZone"),
                        Objects.requireNonNull(given.numbers("days")),
                        given.text("agentId"),
                        Objects.requireNonNull(given.flag("attachPdf")),
                        Objects.requireNonNull(given.flag("enabled")));
        Viewer viewer = RequestContext.of(environment).viewer();
        String id = arguments.text("id");
        return id == null
                ? subscriptions.add(viewer, input)
                : there(subscriptions.change(viewer, id, input));
    }

    private boolean delete(DataFetchingEnvironment environment) {
        return subscriptions.delete(
                RequestContext.of(environment).viewer(),
                Arguments.of(environment).requiredText("id"));
    }

    private Delivery send(DataFetchingEnvironment environment) {
        Arguments arguments = Arguments.of(environment);
        return there(
                subscriptions.send(
                        RequestContext.of(environment).viewer(),
                        arguments.requiredText("subscriptionId"),
                        arguments.day("forDate")));
    }

    private DailySummary.DayReview review(DataFetchingEnvironment environment) {
        Arguments arguments = Arguments.of(environment);
        return reviews.review(
                RequestContext.of(environment).viewer(),
                arguments.requiredDay("date"),
                arguments.text("comment"));
    }

    private static <T> T there(Optional<T> found) {
        return found.orElseThrow(
                () ->
                        new GraphQlException(
                                ErrorCode.NOT_FOUND,
                                "You manage no report subscription with this id."));
    }
}
