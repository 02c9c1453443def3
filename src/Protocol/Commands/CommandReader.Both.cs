using System.Diagnostics.CodeAnalysis;
using System.Text;

namespace UdsBroker.Protocol;

/// <summary>What both sides send: PING, PONG, GOODBYE.</summary>
public static partial class CommandReader
{
    // [6, token]

    /// <summary>Reads a PING.</summary>
    public static bool TryReadPing(ReadOnlySpan<byte> frame, [NotNullWhen(true)] out PingCommand? command, out CommandFault fault) =>
        TryOpen(frame, FrameKind.Ping, out ElementCursor cursor) && cursor.TryReadUInt64(out ulong token)
            ? Accept(new PingCommand(token), out command, out fault)
            : Reject(Broken(FrameKind.Ping, cursor), out command, out fault);

    /// <summary>Reads a PING without allocating; false is a violation.</summary>
    public static bool TryReadPing(ReadOnlySpan<byte> frame, out ulong token)
    {
        token = 0;
        return TryOpen(frame, FrameKind.Ping, out ElementCursor cursor) && cursor.TryReadUInt64(out token);
    }

    // [7, token, receipt / nil]; receipt = [published, matched, dropped, expired]

    /// <summary>Reads a PONG.</summary>
    public static bool TryReadPong(ReadOnlySpan<byte> frame, [NotNullWhen(true)] out PongCommand? command, out CommandFault fault) =>
        TryReadPong(frame, out ElementCursor cursor, out ulong token, out Receipt? receipt)
            ? Accept(new PongCommand(token, receipt), out command, out fault)
            : Reject(Broken(FrameKind.Pong, cursor), out command, out fault);

    /// <summary>Reads a PONG without allocating; false is a violation.</summary>
    public static bool TryReadPong(ReadOnlySpan<byte> frame, out ulong token, out Receipt? receipt) =>
        TryReadPong(frame, out _, out token, out receipt);

    // [10, reason, message:str]

    /// <summary>Reads a GOODBYE. A reason that this build does not know is kept as its number.</summary>
    public static bool TryReadGoodbye(ReadOnlySpan<byte> frame, [NotNullWhen(true)] out GoodbyeCommand? command, out CommandFault fault) =>
        TryOpen(frame, FrameKind.Goodbye, out ElementCursor cursor)
            && cursor.ReadUnsigned(byte.MaxValue, out ulong reason) == ScanResult.Done && cursor.TryReadUtf8(out ReadOnlySpan<byte> message)
            ? Accept(new GoodbyeCommand((CloseReason)reason, Encoding.UTF8.GetString(message)), out command, out fault)
            : Reject(Broken(FrameKind.Goodbye, cursor), out command, out fault);

    private static bool TryReadPong(ReadOnlySpan<byte> frame, out ElementCursor cursor, out ulong token, out Receipt? receipt)
    {
        token = 0;
        receipt = null;
        if (!TryOpen(frame, FrameKind.Pong, out cursor) || !cursor.TryReadUInt64(out token))
            return false;
        if (cursor.TryReadNil())
            return true;
        if (cursor.ReadArrayHeader(out uint count) != ScanResult.Done || count < 3
            || !cursor.TryReadUInt64(out ulong published) || !cursor.TryReadUInt64(out ulong matched)
            || !cursor.TryReadUInt64(out ulong dropped) || !TryReadAppended(ref cursor, count > 3, ulong.MaxValue, out ulong expired))
        {
            return false;
        }

        receipt = new Receipt(published, matched, dropped, expired);
        return true;
    }
}
