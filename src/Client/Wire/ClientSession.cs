using UdsBroker.Protocol;

namespace UdsBroker.Client;

/// <summary>
/// The protocol state of one connection as the client sees it, a pure state machine: bytes in, calls to a receiver out. WELCOME comes first and
/// once (before it only ERROR and GOODBYE are possible), the frames that only clients send are violations, and everything after GOODBYE is
/// ignored.
/// <code>
/// Greeting --WELCOME--> Serving --GOODBYE or violation--> Over
///     \----------------GOODBYE or violation--------------/
/// </code>
/// It dies with its connection; it is not an MQTT persistent session.
/// </summary>
internal sealed class ClientSession(ISessionReceiver receiver)
{
    private readonly InboundDecoder _decoder = new();

    /// <summary>Whether WELCOME has come.</summary>
    public bool IsServing { get; private set; }

    /// <summary>True after GOODBYE or a violation: whatever follows is ignored.</summary>
    public bool IsOver { get; private set; }

    /// <summary>How many unconsumed bytes there must be, at least, before feeding again makes sense.</summary>
    public int Needed { get; private set; } = 1;

    /// <summary>Consumes as many whole frames as there are, but stops behind WELCOME, so that its owner can get ready for what follows.</summary>
    /// <param name="bytes">What has arrived and was not consumed.</param>
    /// <param name="offset">Where these bytes begin in the buffer that the receiver knows; given back with each run.</param>
    /// <returns>The bytes consumed; the rest must be there again, with more, at the next call.</returns>
    public int Feed(ReadOnlySpan<byte> bytes, int offset)
    {
        int consumed = 0;
        while (!IsOver)
        {
            ReadOnlySpan<byte> rest = bytes[consumed..];
            switch (_decoder.Next(rest))
            {
                case DecodeStep.NeedMore:
                    Needed = _decoder.Length;
                    return consumed;
                case DecodeStep.Header when !IsServing:
                    Violate("a DELIVER came before WELCOME");
                    break;
                case DecodeStep.Header:
                    break;
                case DecodeStep.Run:
                    receiver.OnRun(_decoder.Sids, _decoder.Sender, _decoder.Flags, offset + consumed, _decoder.Length, _decoder.Count);
                    break;
                case DecodeStep.Control:
                    bool wasServing = IsServing;
                    OnControl(_decoder.Kind, rest[.._decoder.Length]);
                    if (IsServing && !wasServing) return consumed + _decoder.Length;
                    break;
                default:
                    End(_decoder.ProblemReason, _decoder.Problem, byBroker: false);
                    return consumed;
            }

            consumed += _decoder.Length;
        }

        return consumed;
    }

    private void OnControl(FrameKind kind, ReadOnlySpan<byte> frame)
    {
        CommandFault fault = default;
        switch (kind)
        {
            case FrameKind.Welcome when !IsServing && CommandReader.TryReadWelcome(frame, out WelcomeCommand? welcome, out fault):
                OnWelcome(welcome);
                break;
            case FrameKind.Goodbye when CommandReader.TryReadGoodbye(frame, out GoodbyeCommand? goodbye, out fault):
                End(goodbye.Reason, goodbye.Message, byBroker: true);
                break;
            case FrameKind.Error when CommandReader.TryReadError(frame, out ErrorCommand? error, out fault):
                receiver.OnError(error);
                break;
            case FrameKind.Ping when IsServing && CommandReader.TryReadPing(frame, out ulong token):
                receiver.OnPing(token);
                break;
            case FrameKind.Pong when IsServing && CommandReader.TryReadPong(frame, out ulong token, out Receipt? receipt):
                if (!receiver.OnPong(token, receipt)) Violate($"a PONG brought the token {token}, which is not the oldest that waits for one");
                break;
            case FrameKind.Missed when IsServing && CommandReader.TryReadMissed(frame, out uint sid, out ulong count, out ulong expired):
                receiver.OnMissed(sid, count, expired);
                break;
            case FrameKind.Unsubscribe when IsServing && CommandReader.TryReadUnsubscribe(frame, out UnsubscribeCommand? ended, out fault):
                receiver.OnDrained(ended.Sid);
                break;
            default:
                Violate(fault.Message is { Length: > 0 } problem ? problem : $"{kind.ToText()} came where it is not allowed, or could not be read");
                break;
        }
    }

    private void OnWelcome(WelcomeCommand welcome)
    {
        if (!WireVersion.IsSupported(welcome.Version))
        {
            End(CloseReason.UnsupportedVersion, $"the broker wants to speak version {welcome.Version} of the wire; the newest that this client speaks is {WireVersion.Current}", byBroker: false);
            return;
        }

        _decoder.Limits = welcome.Info.Limits;
        IsServing = true;
        receiver.OnWelcome(welcome);
    }

    private void Violate(string problem) => End(CloseReason.Violation, problem, byBroker: false);

    private void End(CloseReason reason, string message, bool byBroker)
    {
        IsOver = true;
        receiver.OnEnd(reason, message, byBroker);
    }
}
