using System.Diagnostics.CodeAnalysis;

namespace UdsBroker.Protocol;

/// <summary>Decodes the frames that <see cref="FrameScanner.Scan"/> found whole, one method for each kind. Frame = exactly one scanned frame.</summary>
public static class CommandReader
{
    /// <summary>HELLO.</summary>
    public static bool TryReadHello(ReadOnlySpan<byte> frame, [NotNullWhen(true)] out HelloCommand? command, out CommandFault fault) => throw new NotSupportedException();

    /// <summary>WELCOME.</summary>
    public static bool TryReadWelcome(ReadOnlySpan<byte> frame, [NotNullWhen(true)] out WelcomeCommand? command, out CommandFault fault) => throw new NotSupportedException();

    /// <summary>SUBSCRIBE.</summary>
    public static bool TryReadSubscribe(ReadOnlySpan<byte> frame, [NotNullWhen(true)] out SubscribeCommand? command, out CommandFault fault) => throw new NotSupportedException();

    /// <summary>UNSUBSCRIBE.</summary>
    public static bool TryReadUnsubscribe(ReadOnlySpan<byte> frame, [NotNullWhen(true)] out UnsubscribeCommand? command, out CommandFault fault) => throw new NotSupportedException();

    /// <summary>PING.</summary>
    public static bool TryReadPing(ReadOnlySpan<byte> frame, [NotNullWhen(true)] out PingCommand? command, out CommandFault fault) => throw new NotSupportedException();

    /// <summary>PING without allocating; false is a violation.</summary>
    public static bool TryReadPing(ReadOnlySpan<byte> frame, out ulong token) => throw new NotSupportedException();

    /// <summary>PONG.</summary>
    public static bool TryReadPong(ReadOnlySpan<byte> frame, [NotNullWhen(true)] out PongCommand? command, out CommandFault fault) => throw new NotSupportedException();

    /// <summary>PONG without allocating; false is a violation.</summary>
    public static bool TryReadPong(ReadOnlySpan<byte> frame, out ulong token, out Receipt? receipt) => throw new NotSupportedException();

    /// <summary>DELIVER.</summary>
    public static bool TryReadDeliver(ReadOnlySpan<byte> frame, [NotNullWhen(true)] out DeliverCommand? command, out CommandFault fault) => throw new NotSupportedException();

    /// <summary>DELIVER without allocating; false is a violation. Room for <see cref="Limits.MaxDeliverSids"/> sids is always enough.</summary>
    public static bool TryReadDeliver(ReadOnlySpan<byte> frame, Span<uint> sids, out int sidCount, out Guid sender, out uint count) => throw new NotSupportedException();

    /// <summary>ERROR.</summary>
    public static bool TryReadError(ReadOnlySpan<byte> frame, [NotNullWhen(true)] out ErrorCommand? command, out CommandFault fault) => throw new NotSupportedException();

    /// <summary>GOODBYE.</summary>
    public static bool TryReadGoodbye(ReadOnlySpan<byte> frame, [NotNullWhen(true)] out GoodbyeCommand? command, out CommandFault fault) => throw new NotSupportedException();

    /// <summary>MISSED.</summary>
    public static bool TryReadMissed(ReadOnlySpan<byte> frame, [NotNullWhen(true)] out MissedCommand? command, out CommandFault fault) => throw new NotSupportedException();

    /// <summary>MISSED without allocating; false is a violation.</summary>
    public static bool TryReadMissed(ReadOnlySpan<byte> frame, out uint sid, out ulong count) => throw new NotSupportedException();

    /// <summary>CREDIT.</summary>
    public static bool TryReadCredit(ReadOnlySpan<byte> frame, [NotNullWhen(true)] out CreditCommand? command, out CommandFault fault) => throw new NotSupportedException();

    /// <summary>CREDIT without allocating; false is a violation.</summary>
    public static bool TryReadCredit(ReadOnlySpan<byte> frame, out uint sid, out ulong count) => throw new NotSupportedException();
}
