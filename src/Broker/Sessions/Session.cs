using UdsBroker.Broker.Delivery;
using UdsBroker.Protocol;

namespace UdsBroker.Broker.Sessions;

/// <summary>
/// The protocol state of one connection: it handles control frames in order, sends answers to the outbox and reports which subscriptions
/// begin and end. It dies with its connection; nothing of it survives a reconnect.
/// </summary>
/// <remarks>
/// Plain C#, used by the connection actor alone. Changes take effect in two steps: <see cref="Handle"/> records them, the caller lets the
/// router apply <see cref="TakeChanges"/>, and <see cref="SendWelcome"/> then sends the answers that had to wait for that: WELCOME, which
/// is the broker's first frame, and the errors of commands that the client sent right after its HELLO.
/// </remarks>
internal sealed partial class Session(SessionContext context, Outbox outbox)
{
    private List<RoutingChange>? _changes;

    /// <summary>Set when the connection has to end: orderly by the client's GOODBYE, or because it broke the protocol.</summary>
    internal Ending? Ending { get; private set; }

    /// <summary>Handles one whole control frame; it is answered at once, or after WELCOME.</summary>
    internal void Handle(FrameKind kind, ReadOnlySpan<byte> frame)
    {
        if (Ending is not null) return;
        switch (kind)
        {
            case FrameKind.Hello:
                // With a wrong option the HELLO counts without that option: WELCOME, followed by the ERROR.
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
                Ending = new Ending(CloseReason.Violation, $"{kind.ToText()} is sent by the broker, not by a client");
                break;
        }
    }

    /// <summary>The subscriptions that began and ended since the last call, in order.</summary>
    internal IReadOnlyList<RoutingChange> TakeChanges()
    {
        IReadOnlyList<RoutingChange> changes = _changes ?? [];
        _changes = null;
        return changes;
    }

    // False when the frame could not be read: a violation ends the connection, anything else is answered with ERROR.
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
        else (_afterWelcome ??= []).Add(frame.ToArray());
    }
}
