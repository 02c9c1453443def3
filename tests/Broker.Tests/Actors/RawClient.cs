using System.Buffers;
using System.Globalization;
using System.Net.Sockets;
using System.Text;
using UdsBroker.Protocol;

namespace UdsBroker.Broker.Tests.Actors;

/// <summary>A peer that speaks frames and nothing more, so that a test sees each byte the broker sends.</summary>
internal sealed class RawClient : IDisposable
{
    private readonly Socket _socket;
    private byte[] _received;
    private int _start;
    private int _end;

    // What does not fit of a packet is lost, so there is room for any.
    private RawClient(Socket socket)
    {
        _socket = socket;
        _received = new byte[socket.SocketType == SocketType.Seqpacket ? 1 << 20 : 1 << 14];
    }

    internal Guid Id { get; private set; }

    internal WelcomeInfo Info { get; private set; } = new();

    internal static RawClient Open(string path, SocketType type = SocketType.Stream)
    {
        var socket = new Socket(AddressFamily.Unix, type, ProtocolType.Unspecified);
        socket.Connect(new UnixDomainSocketEndPoint(path));
        return new RawClient(socket);
    }

    internal async Task GreetAsync(HelloOptions? options = null)
    {
        await SendAsync(output => FrameWriter.Write(output, new HelloCommand(WireVersion.Current, options ?? new HelloOptions())));
        Assert.True(CommandReader.TryReadWelcome(await ExpectAsync(FrameKind.Welcome), out var welcome, out _));
        Id = welcome.Id;
        Info = welcome.Info;
    }

    internal Task SubscribeAsync(uint sid, string pattern, SubscribeOptions? options = null) =>
        SendAsync(output => FrameWriter.Write(output, new SubscribeCommand(sid, Encoding.UTF8.GetBytes(pattern), options ?? SubscribeOptions.None)));

    internal Task PublishAsync(string subject, string payload) => SendAsync(Publish(subject, payload));

    internal static byte[] Publish(string subject, string payload)
    {
        var (name, body) = (Encoding.UTF8.GetBytes(subject), Encoding.UTF8.GetBytes(payload));
        var frame = new byte[FrameWriter.PublishOverhead(name.Length, -1, 0, body.Length) + body.Length];
        FrameWriter.WritePublish(frame, name, default, default, body);
        return frame;
    }

    /// <summary>Asks the broker and returns its answer: the code of its error, 0 for none, and the payload or the text of the error.</summary>
    internal async Task<(int Code, string Text)> AskAsync(string operation, string arguments = "")
    {
        await SendAsync(Request(operation, $"_INBOX.{Id}.7", arguments));
        Assert.True(CommandReader.TryReadDeliver(await ExpectAsync(FrameKind.Deliver), out DeliverCommand? deliver, out _));
        Assert.Equal([0u], deliver.Sids);
        Assert.Equal((Guid.Empty, 1u), (deliver.Sender, deliver.Count));
        var frame = await ExpectAsync(FrameKind.Publish);
        Assert.Equal(ScanResult.Done, FrameScanner.Scan(frame, Limits.Ceiling, out var head));
        Assert.Equal($"_INBOX.{Id}.7", Encoding.UTF8.GetString(frame, head.SubjectStart, head.SubjectLength));
        var headers = HeaderCodec.Decode(frame.AsSpan(head.HeadersStart, head.HeadersLength));
        return headers.TryGetValue(KnownHeaders.ErrorCode, out var code)
            ? (int.Parse(code, CultureInfo.InvariantCulture), headers[KnownHeaders.Error])
            : (0, Encoding.UTF8.GetString(frame, head.PayloadStart, head.PayloadLength));
    }

    internal static byte[] Request(string operation, string reply, string arguments)
    {
        var (subject, inbox, body) = (Encoding.UTF8.GetBytes($"_BROKER.{operation}"), Encoding.UTF8.GetBytes(reply), Encoding.UTF8.GetBytes(arguments));
        var frame = new byte[FrameWriter.PublishOverhead(subject.Length, inbox.Length, 0, body.Length) + body.Length];
        FrameWriter.WritePublish(frame, subject, inbox, default, body);
        return frame;
    }

    /// <summary>Sends a PING and returns the receipt of its PONG; whatever comes before it has to be a PONG too.</summary>
    internal async Task<Receipt> FenceAsync(ulong token = 1)
    {
        await SendAsync(output => FrameWriter.Write(output, new PingCommand(token)));
        Assert.True(CommandReader.TryReadPong(await ExpectAsync(FrameKind.Pong), out ulong answered, out var receipt));
        Assert.Equal(token, answered);
        return receipt!.Value;
    }

    /// <summary>Reads DELIVER and its messages, as "sender sid subject payload" each.</summary>
    internal async Task<List<(Guid Sender, uint[] Sids, string Subject, string Payload)>> ReceiveAsync() =>
        await ReceiveBehindAsync(await ExpectAsync(FrameKind.Deliver));

    /// <summary>Reads messages until the broker says GOODBYE, the last frame.</summary>
    internal async Task<(List<(Guid Sender, uint[] Sids, string Subject, string Payload)> Messages, GoodbyeCommand Goodbye)> ReceiveToGoodbyeAsync()
    {
        var messages = new List<(Guid, uint[], string, string)>();
        while (await NextFrameAsync() is { } frame)
        {
            if (!CommandReader.TryReadGoodbye(frame, out var goodbye, out _)) messages.AddRange(await ReceiveBehindAsync(frame));
            else if (await NextFrameAsync() is null) return (messages, goodbye);
        }

        throw new InvalidOperationException($"The broker's bytes ended without GOODBYE, or not after it, after {messages.Count} messages.");
    }

    private async Task<List<(Guid Sender, uint[] Sids, string Subject, string Payload)>> ReceiveBehindAsync(byte[] header)
    {
        Assert.True(CommandReader.TryReadDeliver(header, out DeliverCommand? deliver, out _));
        var messages = new List<(Guid, uint[], string, string)>();
        for (var i = 0; i < deliver.Count; i++)
        {
            var frame = await ExpectAsync(FrameKind.Publish);
            Assert.Equal(ScanResult.Done, FrameScanner.Scan(frame, Limits.Ceiling, out var head));
            messages.Add((
                deliver.Sender,
                [.. deliver.Sids],
                Encoding.UTF8.GetString(frame, head.SubjectStart, head.SubjectLength),
                Encoding.UTF8.GetString(frame, head.PayloadStart, head.PayloadLength)));
        }

        return messages;
    }

    internal async Task<GoodbyeCommand> ExpectGoodbyeAsync()
    {
        Assert.True(CommandReader.TryReadGoodbye(await ExpectAsync(FrameKind.Goodbye), out var goodbye, out _));
        Assert.Null(await NextFrameAsync());
        return goodbye;
    }

    /// <summary>Reads on until the broker says why it ends the connection; null when it ends without GOODBYE.</summary>
    internal async Task<CloseReason?> ReadToGoodbyeAsync()
    {
        while (await NextFrameAsync() is { } frame)
        {
            if (CommandReader.TryReadGoodbye(frame, out var goodbye, out _)) return goodbye.Reason;
        }

        return null;
    }

    internal async Task<ErrorCommand> ExpectErrorAsync()
    {
        Assert.True(CommandReader.TryReadError(await ExpectAsync(FrameKind.Error), out var error, out _));
        return error;
    }

    internal async Task<byte[]> ExpectAsync(FrameKind kind)
    {
        var frame = await NextFrameAsync();
        Assert.NotNull(frame);
        Assert.Equal(ScanResult.Done, FrameScanner.Scan(frame, Limits.Ceiling, out var head));
        if (kind != FrameKind.Goodbye && CommandReader.TryReadGoodbye(frame, out var goodbye, out _))
            Assert.Fail($"GOODBYE instead of {kind}: {goodbye.Reason}, {goodbye.Message}");
        Assert.Equal(kind, head.Kind);
        return frame;
    }

    /// <summary>The next frame, or null at the end of the broker's bytes.</summary>
    internal async Task<byte[]?> NextFrameAsync()
    {
        while (true)
        {
            if (FrameScanner.Scan(_received.AsSpan(_start, _end - _start), Limits.Ceiling, out var head) == ScanResult.Done)
            {
                _start += head.Length;
                return _received[(_start - head.Length).._start];
            }

            if (_start > 0)
            {
                _received.AsSpan(_start, _end - _start).CopyTo(_received);
                _end -= _start;
                _start = 0;
            }
            else if (_end == _received.Length) Array.Resize(ref _received, _end * 2);

            var received = await _socket.ReceiveAsync(_received.AsMemory(_end)).AsTask().WaitAsync(BrokerInProcess.Patience);
            if (received == 0) return null;
            _end += received;
        }
    }

    internal Task SendAsync(Action<IBufferWriter<byte>> write)
    {
        var output = new ArrayBufferWriter<byte>();
        write(output);
        return SendAsync(output.WrittenMemory);
    }

    internal Task SendAsync(ReadOnlyMemory<byte> bytes) => _socket.SendAsync(bytes).AsTask().WaitAsync(BrokerInProcess.Patience);

    internal void CloseInput() => _socket.Shutdown(SocketShutdown.Send);

    public void Dispose() => _socket.Dispose();
}
