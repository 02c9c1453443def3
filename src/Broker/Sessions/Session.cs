using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Text;
using UdsBroker.Broker.Access;
using UdsBroker.Protocol;

namespace UdsBroker.Broker.Sessions;

/// <summary>
/// The protocol state of one connection: it handles control frames in order, answers into the outbox and says which subscriptions
/// begin and end. It dies with its connection; nothing of it survives a reconnect.
/// </summary>
/// <remarks>
/// Plain C#, used by the connection actor alone. Changes take effect in two steps: <see cref="Handle"/> notes them, the caller has the
/// router apply <see cref="TakeChanges"/>, and <see cref="Confirm"/> then answers what had to wait for that: WELCOME, which is the
/// broker's first frame, and the errors of what the client sent behind its HELLO without waiting.
/// </remarks>
internal sealed partial class Session(SessionContext context, Outbox outbox)
{
    private readonly Dictionary<uint, Subscription> _subscriptions = [];
    private List<RoutingChange> _changes = [];
    private uint _welcome;
    private List<byte[]>? _behindWelcome;

    /// <summary>What the client said about itself; null until HELLO.</summary>
    internal HelloCommand? Hello { get; private set; }

    /// <summary>What is to be published when the connection ends other than in order: a whole PUBLISH frame, or null.</summary>
    internal byte[]? Will { get; private set; }

    /// <summary>Set when the connection has to end: orderly by the client's GOODBYE, or because it broke the protocol.</summary>
    internal Ending? Ending { get; private set; }

    internal void Handle(FrameKind kind, ReadOnlySpan<byte> frame)
    {
        if (Ending is not null) return;
        switch (kind)
        {
            case FrameKind.Hello:
                // A wrong option leaves a HELLO without it: WELCOME, and behind it the ERROR.
                var isFaultless = CommandReader.TryReadHello(frame, out var hello, out var fault);
                if (hello is not null) Greet(hello);
                Understood(isFaultless, fault);
                break;
            case FrameKind.Subscribe:
                if (Understood(CommandReader.TryReadSubscribe(frame, out var subscribe, out fault), fault)) Subscribe(subscribe!);
                break;
            case FrameKind.Unsubscribe:
                if (Understood(CommandReader.TryReadUnsubscribe(frame, out var unsubscribe, out fault), fault)) Unsubscribe(unsubscribe!);
                break;
            case FrameKind.Credit:
                if (Understood(CommandReader.TryReadCredit(frame, out CreditCommand? credit, out fault), fault)) Grant(credit!);
                break;
            case FrameKind.Publish:
                Ask(frame);
                break;
            case FrameKind.Goodbye:
                if (Understood(CommandReader.TryReadGoodbye(frame, out var goodbye, out fault), fault))
                    Ending = new Ending(CloseReason.ClientClosed, goodbye!.Message);
                break;
            default:
                Ending = new Ending(CloseReason.Violation, $"{kind.ToString().ToUpperInvariant()} is sent by the broker, not by a client");
                break;
        }
    }

    /// <summary>The subscriptions that began and ended since the last call, in order.</summary>
    internal IReadOnlyList<RoutingChange> TakeChanges()
    {
        if (_changes.Count == 0) return [];
        var changes = _changes;
        _changes = [];
        return changes;
    }

    /// <summary>The taken changes are in force.</summary>
    internal void Confirm()
    {
        if (_welcome == 0) return;
        var output = new ArrayBufferWriter<byte>(512);
        FrameWriter.Write(output, new WelcomeCommand(_welcome, context.Id, context.Info));
        _welcome = 0;
        outbox.Append(output.WrittenSpan);
        foreach (var frame in _behindWelcome ?? []) outbox.Append(frame);
        _behindWelcome = null;
        outbox.Flush();
    }

    /// <summary>
    /// A subscription got its maximum, or is drained, and nothing of it waits. Its end may be known already, when the client unsubscribed or the
    /// connection ended while this news was on its way.
    /// </summary>
    internal void Ended(Subscription subscription)
    {
        if (_subscriptions.GetValueOrDefault(subscription.Sid) != subscription) return;
        _subscriptions.Remove(subscription.Sid);
        NoteEnd(subscription);
    }

    /// <summary>The access rules have changed: subscriptions that are no longer allowed end, and the client is told of each.</summary>
    internal void ApplyAccess()
    {
        foreach (var subscription in _subscriptions.Values.ToArray())
        {
            if (FindDenial(subscription.Pattern) is not { } denial) continue;
            End(subscription);
            Refuse(ErrorCode.NotAllowed, denial, subscription.Sid);
        }
    }

    /// <summary>Notes the end of every subscription, because the connection ends.</summary>
    internal void EndAll()
    {
        foreach (var subscription in _subscriptions.Values) NoteEnd(subscription);
        _subscriptions.Clear();
    }

    private void Greet(HelloCommand hello)
    {
        if (Hello is not null)
        {
            Ending = new Ending(CloseReason.Violation, "HELLO is sent once, as the first frame");
            return;
        }

        if (hello.Version < WireVersion.Current)
        {
            Ending = new Ending(CloseReason.UnsupportedVersion, $"the client speaks up to version {hello.Version} of the wire; this broker speaks {WireVersion.Current}");
            return;
        }

        Hello = hello;
        _welcome = WireVersion.Current;
        var inbox = new byte[ReservedSubjects.InboxPrefixLength + 1];
        ReservedSubjects.WriteInboxPrefix(inbox, context.Id);
        inbox[^1] = (byte)'>';
        Begin(new Subscription(outbox, Subscription.InboxSid, inbox, SubscribeOptions.None, context.Bound));
        if (hello.Options.Will is { } will) TakeWill(will);
    }

    // A will that could not be published is refused now, when somebody can still be told.
    private void TakeWill(LastWill will)
    {
        if (!WillFrame.TryEncode(will, context.Limits, out var frame, out var problem))
        {
            Answer(ErrorFrames.Encode(ErrorCode.BadOption, $"HELLO: {problem}"));
            return;
        }

        var subject = Encoding.UTF8.GetBytes(will.Subject);
        if (context.Access.Rules.Publish(subject) is { IsAllowed: false } decision)
            Answer(ErrorFrames.Encode(ErrorCode.NotAllowed, context.Access.Deny(AccessVerbs.Publish, subject, decision), "subject", subject));
        else Will = frame;
    }

    private void Subscribe(SubscribeCommand command)
    {
        var pattern = command.Pattern.Span;
        var fault = SubjectPattern.Validate(pattern, context.Limits);
        if (fault != SubjectFault.None)
            Refuse(ErrorCode.BadPattern, fault.Describe(pattern, context.Limits), command.Sid);
        else if (command.Sid == Subscription.InboxSid)
            Refuse(ErrorCode.BadOption, "sid 0 is the connection's own inbox; number subscriptions from 1", command.Sid);
        else if (_subscriptions.ContainsKey(command.Sid))
            Refuse(ErrorCode.DuplicateSid, $"sid {command.Sid} is in use on this connection; unsubscribe it first or take another number", command.Sid);
        else if (_subscriptions.Count > context.Limits.MaxSubscriptions)
            Refuse(ErrorCode.TooManySubscriptions, $"this connection has {_subscriptions.Count - 1} subscriptions; at most {context.Limits.MaxSubscriptions} are allowed", command.Sid);
        else if (pattern.StartsWith(ReservedSubjects.Interest) && pattern.ContainsAny((byte)'*', (byte)'>'))
            Refuse(ErrorCode.BadPattern, "the interest in one subject can be asked for, without wildcards", command.Sid);
        else if (FindDenial(command.Pattern) is { } denial)
            Refuse(ErrorCode.NotAllowed, denial, command.Sid);
        else if (context.User is { } user && !user.TryTakeSubscription())
            Refuse(ErrorCode.TooManySubscriptions, $"the connections of this user have {user.Subscriptions} subscriptions together; at most {user.Limits.MaxSubscriptions} are allowed", command.Sid);
        else
            Begin(new Subscription(outbox, command.Sid, command.Pattern.ToArray(), command.Options, context.Bound));
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

    private void Begin(Subscription subscription)
    {
        _subscriptions.Add(subscription.Sid, subscription);
        subscription.IsRouted = true;
        _changes.Add(new RoutingChange(subscription, Begins: true));
    }

    private void NoteEnd(Subscription subscription)
    {
        EndRouting(subscription);
        if (subscription.Sid != Subscription.InboxSid) context.User?.ReturnSubscription();
    }

    // A drained one is gone for the router at once and stays in the table until what waits has left, for credit may still come for it.
    private void EndRouting(Subscription subscription)
    {
        if (subscription.IsRouted) _changes.Add(new RoutingChange(subscription, Begins: false));
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
        if (sid != Subscription.InboxSid && _subscriptions.TryGetValue(sid, out subscription)) return true;
        subscription = null;
        Refuse(ErrorCode.UnknownSid, $"there is no subscription {sid} on this connection", sid);
        return false;
    }

    private bool Understood(bool isRead, in CommandFault fault)
    {
        if (isRead) return true;
        if (fault.IsViolation) Ending = new Ending(CloseReason.Violation, fault.Message);
        else Answer(fault.Sid is { } sid ? ErrorFrames.Encode(fault.Code, fault.Message, sid) : ErrorFrames.Encode(fault.Code, fault.Message));
        return false;
    }

    private void Refuse(ErrorCode code, string message, uint sid) => Answer(ErrorFrames.Encode(code, message, sid));

    private void Answer(ReadOnlySpan<byte> frame)
    {
        if (_welcome == 0) outbox.Send(frame);
        else (_behindWelcome ??= []).Add(frame.ToArray());
    }
}
