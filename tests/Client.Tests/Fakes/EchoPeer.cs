using System.Net.Sockets;
using UdsBroker.Protocol;

namespace UdsBroker.Client.Tests;

/// <summary>A broker for one client that answers each request with its own payload, on a thread of its own and without allocating anything.</summary>
internal sealed class EchoPeer : IDisposable
{
    private readonly TestFolder _folder = new();
    private readonly Socket _listener = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
    private readonly byte[] _received = new byte[1 << 20];
    private readonly byte[] _answers = new byte[2 << 20];
    private readonly byte[] _sender = Wire.SomeSender.ToByteArray(bigEndian: true);

    public EchoPeer()
    {
        Path = _folder.File("b.sock");
        _listener.Bind(new UnixDomainSocketEndPoint(Path));
        _listener.Listen(1);
        _ = ServeAsync();
    }

    public string Path { get; }

    public void Dispose()
    {
        _listener.Dispose();
        _folder.Dispose();
    }

    private async Task ServeAsync()
    {
        Socket socket = await _listener.AcceptAsync();
        new Thread(() => Serve(socket)) { IsBackground = true }.Start();
    }

    private void Serve(Socket socket)
    {
        int filled = 0;
        try
        {
            for (int received; (received = socket.Receive(_received.AsSpan(filled), SocketFlags.None)) > 0;)
            {
                filled += received;
                int at = 0, length = 0;
                while (FrameScanner.Scan(_received.AsSpan(at, filled - at), Limits.Ceiling, out FrameHead head) == ScanResult.Done)
                {
                    length += Answer(_received.AsSpan(at, head.Length), head, _answers.AsSpan(length));
                    at += head.Length;
                }

                _received.AsSpan(at, filled - at).CopyTo(_received);
                filled -= at;
                if (length > 0) socket.Send(_answers.AsSpan(0, length), SocketFlags.None);
            }
        }
        catch (SocketException)
        {
            // The client is gone.
        }
        finally
        {
            socket.Dispose();
        }
    }

    private int Answer(ReadOnlySpan<byte> frame, in FrameHead head, Span<byte> answer)
    {
        if (head.Kind == FrameKind.Hello)
        {
            byte[] welcome = Wire.Welcome();
            welcome.CopyTo(answer);
            return welcome.Length;
        }

        if (head.Kind != FrameKind.Publish) return 0;
        int length = FrameWriter.WriteDeliver(answer, [0u], _sender, 1);
        ReadOnlySpan<byte> reply = frame.Slice(head.ReplyStart, head.ReplyLength);
        return length + FrameWriter.WritePublish(answer[length..], reply, default, default, frame.Slice(head.PayloadStart, head.PayloadLength));
    }
}
