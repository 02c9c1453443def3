using System.Diagnostics.CodeAnalysis;
using UdsBroker.Broker.Access;
using UdsBroker.Broker.Buffers;
using UdsBroker.Broker.Delivery;
using UdsBroker.Broker.Load;
using UdsBroker.Protocol;

namespace UdsBroker.Broker.Sessions;

/// <summary>
/// The subscriptions of the connection: how they begin, are granted credit, and end by the client's request, by their maximum or by new
/// access rules.
/// </summary>
internal sealed partial class Session
{
    private Subscription? _inbox;
    private Dictionary<uint, Subscription>? _subscriptions;

    /// <summary>
    /// A subscription has reached its maximum, or is drained, and none of its messages wait. Its end may already be known, if the client
    /// unsubscribed or the connection ended before this report arrived.
    /// </summary>
    internal void Ended(Subscription subscription)
    {
        if (_subscriptions?.GetValueOrDefault(subscription.Sid) != subscription) return;
        _subscriptions.Remove(subscription.Sid);
        _subscriptions.TrimIfSparse();
        NoteEnd(subscription);
    }

    /// <summary>The access rules have changed: subscriptions that are no longer allowed end, and the client is told of each.</summary>
    internal void ApplyAccess()
    {
        foreach (var subscription in _subscriptions?.Values.ToArray() ?? [])
        {
            if (FindDenial(subscription.Pattern) is not { } denial) continue;
            End(subscription);
            Refuse(ErrorCode.NotAllowed, denial, subscription.Sid);
        }
    }

    /// <summary>Records the end of every subscription, because the connection ends.</summary>
    internal void EndAll()
    {
        foreach (var subscription in _subscriptions?.Values.ToArray() ?? []) NoteEnd(subscription);
        if (_inbox is { } inbox) EndRouting(inbox);
        _subscriptions = null;
    }

    private void Subscribe(SubscribeCommand command)
    {
        var pattern = command.Pattern.Span;
        var fault = SubjectPattern.Validate(pattern, context.Limits);
        if (fault != SubjectFault.None)
            Refuse(ErrorCode.BadPattern, fault.Describe(pattern, context.Limits), command.Sid);
        else if (command.Sid == ReservedSubjects.InboxSid)
            Refuse(ErrorCode.BadOption, "sid 0 is the connection's own inbox; number subscriptions from 1", command.Sid);
        else if (_subscriptions?.ContainsKey(command.Sid) == true)
            Refuse(ErrorCode.DuplicateSid, $"sid {command.Sid} is in use on this connection; unsubscribe it first or take another number", command.Sid);
        else if (_subscriptions?.Count >= context.Limits.MaxSubscriptions)
            RefuseTooMany(_subscriptions.Count, command.Sid);
        else if (pattern.StartsWith(ReservedSubjects.Interest) && pattern.ContainsAny((byte)'*', (byte)'>'))
            Refuse(ErrorCode.BadPattern, "the interest in one subject can be asked for, without wildcards", command.Sid);
        else if (FindDenial(command.Pattern) is { } denial)
            Refuse(ErrorCode.NotAllowed, denial, command.Sid);
        else if (TakeShare(pattern) is { } shortage)
            Refuse(ErrorCode.TooManySubscriptions, shortage, command.Sid);
        else
            Begin(new Subscription(outbox, command.Sid, command.Pattern, command.Options, context.Bound));
    }

    private void RefuseTooMany(int have, uint sid)
    {
        context.Traffic?.Hit(Limit.LimitsMaxSubscriptions);
        Refuse(ErrorCode.TooManySubscriptions, $"this connection has {have} subscriptions; at most {context.Limits.MaxSubscriptions} are allowed (udsbroker.limits.max-subscriptions)", sid);
    }

    // Why the client may not have what the pattern matches, or null.
    private string? FindDenial(ReadOnlyMemory<byte> pattern)
    {
        if (ReservedSubjects.IsInbox(pattern.Span))
            return ReservedSubjects.TryReadInbox(pattern.Span, out var owner) && owner == context.Id ? null : "only the owner of an inbox may subscribe below it";
        if (ReservedSubjects.IsBroker(pattern.Span))
            return "requests to the broker are answered by the broker alone; nobody may subscribe below _BROKER.";
        var decision = context.Access.Rules.Subscribe(pattern);
        return decision.IsAllowed ? null : context.Access.Deny(AccessVerbs.Subscribe, pattern.Span, decision);
    }

    // Takes what a subscription needs from its user's share; returns why that is not possible, or null.
    private string? TakeShare(ReadOnlySpan<byte> pattern)
    {
        if (context.User is not { } user) return null;
        if (!user.TryTakeSubscription())
            return $"the connections of this user have {user.Subscriptions} subscriptions together; at most {user.Limits.MaxSubscriptions} are allowed (udsbroker.users.max-subscriptions)";
        var isSystem = ReservedSubjects.IsSystem(pattern);
        if (isSystem && !user.TryTakeSystemSubscription())
        {
            user.ReturnSubscription();
            return $"the connections of this user have {user.SystemSubscriptions} subscriptions below $SYS. together; at most {user.Limits.MaxSystemSubscriptions} are allowed "
                + "(udsbroker.users.max-system-subscriptions)";
        }

        if (user.TryTakeShape(WildcardShape.Of(pattern))) return null;
        if (isSystem) user.ReturnSystemSubscription();
        user.ReturnSubscription();
        return $"the patterns of this user's connections have * in {user.WildcardShapes} different sets of places; at most {user.Limits.MaxWildcardShapes} are allowed "
            + "(udsbroker.users.max-wildcard-shapes)";
    }

    private void Begin(Subscription subscription)
    {
        (_subscriptions ??= []).Add(subscription.Sid, subscription);
        Route(subscription);
    }

    private void Route(Subscription subscription)
    {
        subscription.IsRouted = true;
        (_changes ??= []).Add(new RoutingChange(subscription, Begins: true));
    }

    private void NoteEnd(Subscription subscription)
    {
        EndRouting(subscription);
        if (context.User is not { } user) return;
        var pattern = subscription.Pattern.Span;
        if (ReservedSubjects.IsSystem(pattern)) user.ReturnSystemSubscription();
        user.ReturnSubscription();
        user.ReturnShape(WildcardShape.Of(pattern));
    }

    // The router removes a draining subscription at once; it stays in the table until its waiting messages have left, because credit may
    // still come for it.
    private void EndRouting(Subscription subscription)
    {
        if (subscription.IsRouted) (_changes ??= []).Add(new RoutingChange(subscription, Begins: false));
        subscription.IsRouted = false;
    }

    private void Unsubscribe(UnsubscribeCommand command)
    {
        if (!Find(command.Sid, out var subscription)) return;
        if (command.Max is { } max and > 0)
        {
            outbox.UnsubscribeAfter(subscription, max);
            return;
        }

        if (command.Drain)
        {
            if (subscription.IsDraining || !outbox.Drain(subscription)) EndRouting(subscription);
            else Ended(subscription);
            return;
        }

        End(subscription);
    }

    private void End(Subscription subscription)
    {
        outbox.Unsubscribe(subscription);
        Ended(subscription);
    }

    private void Grant(CreditCommand command)
    {
        if (!Find(command.Sid, out var subscription)) return;
        if (subscription.Credit == Subscription.Unlimited)
            Refuse(ErrorCode.NotOnCredit, $"subscription {command.Sid} was made without the option credit and needs none", command.Sid);
        else outbox.Grant(subscription, command.Count);
    }

    private bool Find(uint sid, [NotNullWhen(true)] out Subscription? subscription)
    {
        subscription = _subscriptions?.GetValueOrDefault(sid);
        if (subscription is not null) return true;
        Refuse(ErrorCode.UnknownSid, $"there is no subscription {sid} on this connection", sid);
        return false;
    }
}
