namespace UdsBroker.Protocol;

/// <summary>
/// Decodes what <see cref="FrameScanner.Scan"/> found whole, one method for each kind but PUBLISH, which needs no decoding. The argument
/// is exactly one scanned frame. A wrong type in the fixed part of a frame is a violation; a known option with a wrong type or value is an
/// error that the connection survives; an unknown option is ignored, and a nil option is as good as none.
/// The commands of the hot path also come without allocating; where those answer false it is a violation.
/// The grammar of each frame stands above its method. PROTOCOL.md, "Frames".
/// </summary>
public static partial class CommandReader
{
    /// <summary>A cursor behind the array header and the kind.</summary>
    private static bool TryOpen(ReadOnlySpan<byte> frame, FrameKind kind, out ElementCursor cursor) => TryOpen(frame, kind, out cursor, out _);

    private static bool TryOpen(ReadOnlySpan<byte> frame, FrameKind kind, out ElementCursor cursor, out uint elements)
    {
        cursor = new ElementCursor(frame);
        return cursor.ReadArrayHeader(out elements) == ScanResult.Done
            && cursor.ReadUnsigned(byte.MaxValue, out ulong found) == ScanResult.Done && found == (byte)kind;
    }

    /// <summary>Reads a number that a later version appended: where it is missing or nil it is 0.</summary>
    private static bool TryReadAppended(ref ElementCursor cursor, bool isThere, ulong most, out ulong value)
    {
        value = 0;
        return !isThere || cursor.TryReadNil() || cursor.ReadUnsigned(most, out value) == ScanResult.Done;
    }

    private static bool Accept<T>(T read, out T? command, out CommandFault fault)
    {
        command = read;
        fault = default;
        return true;
    }

    private static bool Reject<T>(in CommandFault found, out T? command, out CommandFault fault)
    {
        command = default;
        fault = found;
        return false;
    }

    /// <summary>The fault for a fixed part that is not as its grammar says.</summary>
    internal static CommandFault Broken(FrameKind kind, in ElementCursor cursor)
    {
        Violation violation = cursor.Violation == Violation.None ? Violation.MissingElement : cursor.Violation;
        return new CommandFault(IsViolation: true, ErrorCode.None, $"{kind.ToText()}: {violation.Describe(Limits.Default)}");
    }
}
