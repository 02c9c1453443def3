namespace UdsBroker.Protocol;

/// <summary>
/// Decodes frames that <see cref="FrameScanner.Scan"/> accepted, with one method for each kind but PUBLISH, which needs no decoding. The
/// argument is exactly one scanned frame. A wrong type in the fixed part of a frame is a violation; a known option with a wrong type or
/// value is an error that the connection survives; an unknown option is ignored, and a nil option counts as absent. The commands of the hot
/// path also have overloads that do not allocate; there false always means a violation. The grammar of each frame stands above its method.
/// PROTOCOL.md, "Frames".
/// </summary>
public static partial class CommandReader
{
    /// <summary>A cursor after the array header and the kind.</summary>
    private static bool TryOpen(ReadOnlySpan<byte> frame, FrameKind kind, out ElementCursor cursor) => TryOpen(frame, kind, out cursor, out _);

    private static bool TryOpen(ReadOnlySpan<byte> frame, FrameKind kind, out ElementCursor cursor, out uint elements)
    {
        cursor = new ElementCursor(frame);
        return cursor.ReadArrayHeader(out elements) == ScanResult.Done
            && cursor.ReadUnsigned(byte.MaxValue, out ulong found) == ScanResult.Done && found == (byte)kind;
    }

    /// <summary>Reads a number that a later protocol version appended to the frame; 0 when it is missing or nil.</summary>
    private static bool TryReadAppended(ref ElementCursor cursor, bool isThere, ulong max, out ulong value)
    {
        value = 0;
        return !isThere || cursor.TryReadNil() || cursor.ReadUnsigned(max, out value) == ScanResult.Done;
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

    /// <summary>The violation for a frame whose fixed part does not follow its grammar.</summary>
    internal static CommandFault Broken(FrameKind kind, in ElementCursor cursor)
    {
        Violation violation = cursor.Violation == Violation.None ? Violation.MissingElement : cursor.Violation;
        return new CommandFault(IsViolation: true, ErrorCode.None, $"{kind.ToText()}: {new FrameHead { Violation = violation }.Describe(Limits.Default)}");
    }
}
