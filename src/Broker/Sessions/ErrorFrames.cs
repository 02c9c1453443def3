using System.Buffers;
using System.Text;
using UdsBroker.Protocol;

namespace UdsBroker.Broker.Sessions;

/// <summary>Encodes ERROR frames whose context says what they are about: the sid, or subject and reply.</summary>
internal static class ErrorFrames
{
    internal static ReadOnlySpan<byte> Encode(ErrorCode code, string message, string key, ReadOnlySpan<byte> utf8) =>
        Encode(code, message, new Dictionary<string, string> { [key] = Encoding.UTF8.GetString(utf8) });

    /// <summary>About a message: its subject and, unless it is empty, its reply subject.</summary>
    internal static ReadOnlySpan<byte> Encode(ErrorCode code, string message, ReadOnlySpan<byte> subject, ReadOnlySpan<byte> reply)
    {
        if (reply.IsEmpty) return Encode(code, message, "subject", subject);
        return Encode(code, message, new Dictionary<string, string>
        {
            ["subject"] = Encoding.UTF8.GetString(subject),
            ["reply"] = Encoding.UTF8.GetString(reply),
        });
    }

    internal static ReadOnlySpan<byte> Encode(ErrorCode code, string message, uint sid) =>
        Encode(code, message, new Dictionary<string, string> { ["sid"] = sid.ToString(provider: null) });

    private static ReadOnlySpan<byte> Encode(ErrorCode code, string message, Dictionary<string, string>? context)
    {
        var output = new ArrayBufferWriter<byte>(128);
        FrameWriter.Write(output, new ErrorCommand(code, message, context));
        return output.WrittenSpan;
    }

    internal static ReadOnlySpan<byte> Encode(ErrorCode code, string message) => Encode(code, message, context: null);
}
