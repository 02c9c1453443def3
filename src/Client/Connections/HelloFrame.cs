using System.Text;
using UdsBroker.Protocol;

namespace UdsBroker.Client;

/// <summary>The first frame of a connection: what this client says about itself, and its last will.</summary>
internal static class HelloFrame
{
    public static byte[] Encode(UdsBrokerOptions options) => OutboundBuffer.Encode(writer => FrameWriter.Write(writer, new HelloCommand(WireVersion.Current, new HelloOptions
    {
        Name = options.Name ?? AppDomain.CurrentDomain.FriendlyName,
        Lang = "dotnet",
        LibraryVersion = typeof(HelloFrame).Assembly.GetName().Version?.ToString(3),
        Will = options.Will,
    })));

    /// <summary>Checks what can be checked before a broker has said its limits.</summary>
    /// <exception cref="ArgumentException">The will has a wrong subject or header, or is too large for a HELLO.</exception>
    public static void Check(UdsBrokerOptions options)
    {
        if (options.Will is not { } will) return;
        if (SocketAddress.KindOf(options.Path) == SocketKind.Dgram)
            throw new ArgumentException("A client of unix-dgram: has no connection that could end, and so no last will.", nameof(options));
        if ((FindProblem(will.Subject) ?? (will.Reply is null ? null : FindProblem(will.Reply))) is { } problem)
            throw new ArgumentException($"A subject of the last will is none: {problem}.", nameof(options));
        if (ReservedSubjects.IsSystem(Encoding.UTF8.GetBytes(will.Subject)) || ReservedSubjects.IsBroker(Encoding.UTF8.GetBytes(will.Subject)))
            throw new ArgumentException($"The subject of the last will, {will.Subject}, is one that belongs to the broker.", nameof(options));
        if (will.Headers is { Count: > 0 } headers && !Directives.TryRead(HeaderCodec.Encode(headers), out _, out string? wrong))
            throw new ArgumentException($"A header of the last will: {wrong}.", nameof(options));
        int bytes = Encode(options).Length;
        if (bytes > Limits.Default.MaxHelloBytes)
            throw new ArgumentException($"With this last will HELLO has {bytes} bytes; brokers take at most {Limits.Default.MaxHelloBytes}.", nameof(options));
    }

    private static string? FindProblem(string text) =>
        Subject.TryParse(text, out _, out SubjectFault fault) ? null : fault.Describe(Encoding.UTF8.GetBytes(text), Limits.Default);
}
