using System.Net.Sockets;
using System.Text;
using UdsBroker.Protocol;

namespace UdsBroker.Client.Tests;

/// <summary>A frame that a client sent, and its parts if it is a message.</summary>
internal sealed record SentFrame(FrameKind Kind, byte[] Bytes, string? Subject, string? Payload, string? Reply, byte[] Headers)
{
    public SubscribeCommand Subscribe => CommandReader.TryReadSubscribe(Bytes, out SubscribeCommand? command, out _) ? command : throw new InvalidDataException();

    public UnsubscribeCommand Unsubscribe => CommandReader.TryReadUnsubscribe(Bytes, out UnsubscribeCommand? command, out _) ? command : throw new InvalidDataException();

    public CreditCommand Credit => CommandReader.TryReadCredit(Bytes, out CreditCommand? command, out _) ? command : throw new InvalidDataException();

    public ulong Token => CommandReader.TryReadPing(Bytes, out ulong token) ? token : CommandReader.TryReadPong(Bytes, out token, out _) ? token : throw new InvalidDataException();
}

/// <summary>The broker's end of one connection: reads what the client sends frame by frame, sends what the test wants.</summary>
internal sealed class FakePeer(Socket socket) : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private byte[] _buffer = new byte[4096];
    private int _filled;

    public Socket Socket => socket;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async Task SendAsync(params byte[][] frames) => await socket.SendAsync(Wire.Join(frames), SocketFlags.None, Token).AsTask().WaitAsync(Patience, Token);

    /// <summary>The next frame; null when the client has closed.</summary>
    public async Task<SentFrame?> ReadAsync()
    {
        while (true)
        {
            if (FrameScanner.Scan(_buffer.AsSpan(0, _filled), Limits.Ceiling, out FrameHead head) == ScanResult.Done) return Take(head);
            if (_filled == _buffer.Length) Array.Resize(ref _buffer, _buffer.Length * 2);
            int received;
            try
            {
                received = await socket.ReceiveAsync(_buffer.AsMemory(_filled), SocketFlags.None, Token).AsTask().WaitAsync(Patience, Token);
            }
            catch (SocketException)
            {
                return null;
            }

            if (received == 0) return null;
            _filled += received;
        }
    }

    /// <summary>The next frame, which must be of this kind.</summary>
    public async Task<SentFrame> ExpectAsync(FrameKind kind)
    {
        SentFrame? frame = await ReadAsync();
        Assert.NotNull(frame);
        Assert.Equal(kind, frame.Kind);
        return frame;
    }

    /// <summary>Reads a SUBSCRIBE and its fence, and answers that.</summary>
    public async Task<SubscribeCommand> AcceptSubscriptionAsync()
    {
        SentFrame subscribe = await ExpectAsync(FrameKind.Subscribe);
        await AnswerFenceAsync();
        return subscribe.Subscribe;
    }

    /// <summary>Reads a PING and answers it.</summary>
    public async Task AnswerFenceAsync(Receipt? receipt = null) => await SendAsync(Wire.Pong((await ExpectAsync(FrameKind.Ping)).Token, receipt ?? default));

    public void Dispose() => socket.Dispose();

    private SentFrame Take(in FrameHead head)
    {
        byte[] bytes = _buffer[..head.Length];
        SentFrame frame = head.Kind != FrameKind.Publish
            ? new SentFrame(head.Kind, bytes, null, null, null, [])
            : new SentFrame(
                head.Kind,
                bytes,
                Encoding.UTF8.GetString(bytes, head.SubjectStart, head.SubjectLength),
                Encoding.UTF8.GetString(bytes, head.PayloadStart, head.PayloadLength),
                head.ReplyLength < 0 ? null : Encoding.UTF8.GetString(bytes, head.ReplyStart, head.ReplyLength),
                bytes[head.HeadersStart..(head.HeadersStart + head.HeadersLength)]);
        _buffer.AsSpan(head.Length, _filled - head.Length).CopyTo(_buffer);
        _filled -= head.Length;
        return frame;
    }
}
