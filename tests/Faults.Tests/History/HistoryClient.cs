using System.Buffers;
using System.Diagnostics;
using System.Globalization;
using System.Net.Sockets;
using System.Text;
using UdsBroker.Broker.Tests.Core;
using UdsBroker.Protocol;

namespace UdsBroker.Faults.Tests;

/// <summary>
/// One connection on a socket that does not block, driven by one thread, which writes down what it sends when it begins to, and what it reads when it
/// reads it.
/// </summary>
internal sealed class HistoryClient : IDisposable
{
    private readonly Socket _socket = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
    private readonly ArrayBufferWriter<byte> _outgoing = new();
    private readonly Queue<(ulong Token, int Sent, SubscriptionHistory[] Begun, SubscriptionHistory[] Ended)> _fences = [];
    private readonly List<SubscriptionHistory> _begun = [];
    private readonly List<SubscriptionHistory> _ended = [];
    private readonly HashSet<uint> _onCredit = [];
    private readonly Dictionary<uint, ulong> _toGrant = [];
    private readonly List<(string Reply, string Subject)> _requests = [];
    private byte[] _received = new byte[1 << 16];
    private int _start;
    private int _end;
    private int _written;
    private DeliverCommand? _deliver;
    private uint _behind;
    private ulong _token;
    private uint _sid;

    internal HistoryClient(string path, History history)
    {
        Recorded = history.Add();
        _socket.Connect(new UnixDomainSocketEndPoint(path));
        _socket.Send(Frames.Hello());
        while (Recorded.Id == default) Receive();
        _socket.Blocking = false;
    }

    internal ConnectionHistory Recorded { get; }

    internal bool IsOver { get; private set; }

    /// <summary>Nothing that was written is still here.</summary>
    internal bool HasSentAll => _written == _outgoing.WrittenCount;

    /// <summary>What it has done and seen so far, of what a fence does not count.</summary>
    internal long Activity => Recorded.Sent.Count + Recorded.Arrivals.Count;

    /// <summary>The PONG to the last PING has come.</summary>
    internal bool IsFenced => _fences.Count == 0;

    private static long Now => Stopwatch.GetTimestamp();

    internal void Publish(string subject, int size, string? reply = null)
    {
        var number = Recorded.Sent.Count;
        var text = string.Create(CultureInfo.InvariantCulture, $"{Recorded.Number}.{number} ");
        var frame = Frames.Publish(subject, Encoding.ASCII.GetBytes(text.PadRight(size, (char)('a' + (number % 26)))), reply ?? "");
        Recorded.Sent.Add(new SentMessage(number, subject, reply, Hash(frame), Now));
        _outgoing.Write(frame);
    }

    internal void Request(string subject) => Publish(subject, 20, string.Create(CultureInfo.InvariantCulture, $"_INBOX.{Recorded.Id}.{Recorded.Sent.Count}"));

    internal void Subscribe(string pattern, SubscribeOptions options)
    {
        var subscription = new SubscriptionHistory(++_sid, pattern, options.Queue, options.Overflow ?? OverflowPolicy.Block, Now);
        Recorded.Subscriptions.Add(subscription);
        _begun.Add(subscription);
        if (options.Credit is not null) _onCredit.Add(_sid);
        _outgoing.Write(Frames.Subscribe(_sid, pattern, options));
    }

    internal void Unsubscribe(SubscriptionHistory subscription, bool drain)
    {
        subscription.EndAsked = Now;
        _outgoing.Write(drain ? Frames.Drain(subscription.Sid) : Frames.Unsubscribe(subscription.Sid));
        if (!drain) _ended.Add(subscription);
    }

    /// <summary>A PING: what was sent before it has been routed, and what was asked for is so, when its PONG comes.</summary>
    internal void Fence()
    {
        _outgoing.Write(Frames.Ping(++_token));
        _fences.Enqueue((_token, Recorded.Sent.Count, [.. _begun], [.. _ended]));
        _begun.Clear();
        _ended.Clear();
    }

    /// <summary>Disconnects without GOODBYE, perhaps within a frame.</summary>
    internal void Kill(bool withinFrame)
    {
        if (withinFrame && HasSentAll) _socket.Send(Frames.Publish("torn", "never whole").AsSpan(0, 8), SocketFlags.None, out _);
        End(ConnectionEnd.Killed);
    }

    /// <summary>Sends what the kernel takes, waits a little for what comes, reads it and answers what asks for an answer.</summary>
    internal void Turn(TimeSpan wait)
    {
        if (IsOver) return;
        Send();
        if (!IsOver && _socket.Poll(wait, SelectMode.SelectRead)) Receive();
        if (IsOver) return;
        foreach (var (sid, count) in _toGrant) _outgoing.Write(Frames.Credit(sid, count));
        _toGrant.Clear();
        foreach (var (reply, subject) in _requests) Publish(reply, 20 + subject.Length);
        _requests.Clear();
    }

    public void Dispose() => _socket.Dispose();

    private void Send()
    {
        if (HasSentAll) return;
        _written += _socket.Send(_outgoing.WrittenSpan[_written..], SocketFlags.None, out var error);
        if (error is not (SocketError.Success or SocketError.WouldBlock)) Receive(); // its last words are still to be read
        if (!HasSentAll) return;
        _outgoing.ResetWrittenCount();
        _written = 0;
    }

    private void Receive()
    {
        _received.AsSpan(_start, _end - _start).CopyTo(_received);
        (_start, _end) = (0, _end - _start);
        if (_end == _received.Length) Array.Resize(ref _received, _end * 2);
        var count = _socket.Receive(_received.AsSpan(_end), SocketFlags.None, out var error);
        if (error == SocketError.WouldBlock) return;
        _end += count;
        while (!IsOver && FrameScanner.Scan(_received.AsSpan(_start, _end - _start), Limits.Ceiling, out var head) == ScanResult.Done)
        {
            var frame = _received.AsSpan(_start, head.Length);
            _start += head.Length;
            if (_behind > 0) Message(frame, head);
            else Control(frame, head.Kind);
        }

        if (count == 0 && !IsOver) End(ConnectionEnd.Closed);
    }

    private void Message(ReadOnlySpan<byte> frame, in FrameHead head)
    {
        _behind--;
        var subject = Encoding.UTF8.GetString(frame.Slice(head.SubjectStart, head.SubjectLength));
        var payload = Encoding.ASCII.GetString(frame.Slice(head.PayloadStart, head.PayloadLength));
        var name = payload[..Math.Max(0, payload.IndexOf(' ', StringComparison.Ordinal))].Split('.');
        var isNamed = name.Length == 2;
        var (connection, number) = isNamed ? (Parse(name[0]), Parse(name[1])) : (-1, -1);
        foreach (var sid in _deliver!.Sids is { Count: > 0 } sids ? sids : [0u])
        {
            Recorded.Arrivals.Add(new Arrival(sid, 0, _deliver.Sender, subject, connection, number, Hash(frame)));
            if (_onCredit.Contains(sid)) _toGrant[sid] = _toGrant.GetValueOrDefault(sid) + 1;
            if (head.ReplyLength > 0) _requests.Add((Encoding.UTF8.GetString(frame.Slice(head.ReplyStart, head.ReplyLength)), subject));
        }
    }

    private void Control(ReadOnlySpan<byte> frame, FrameKind kind)
    {
        switch (Protocol.Tests.Commands.Read(frame, kind))
        {
            case WelcomeCommand welcome:
                Recorded.Id = welcome.Id;
                break;
            case DeliverCommand deliver:
                (_deliver, _behind) = (deliver, deliver.Count);
                break;
            case MissedCommand missed:
                Recorded.Arrivals.Add(Arrival.Gap(missed.Sid, missed.Count));
                break;
            case PongCommand pong:
                Confirm(pong);
                break;
            case PingCommand ping:
                _outgoing.Write(Frames.Pong(ping.Token));
                break;
            case ErrorCommand error:
                Recorded.Errors.Add((error.Code, error.Context?.GetValueOrDefault("reply")));
                break;
            case UnsubscribeCommand drained:
                Recorded.Subscriptions.Single(s => s.Sid == drained.Sid).Ended = Now;
                break;
            case GoodbyeCommand goodbye:
                End(goodbye.Reason == CloseReason.SlowConsumer ? ConnectionEnd.SlowConsumer : ConnectionEnd.Closed);
                break;
        }
    }

    private void Confirm(PongCommand pong)
    {
        var (token, sent, begun, ended) = _fences.Dequeue();
        if (token != pong.Token) throw new InvalidOperationException($"{Recorded}: PONG {pong.Token} for PING {token}");
        var now = Now;
        for (var i = sent - 1; i >= 0 && Recorded.Sent[i].Confirmed == long.MaxValue; i--) Recorded.Sent[i].Confirmed = now;
        foreach (var subscription in begun) subscription.Active = now;
        foreach (var subscription in ended) subscription.Ended = now;
        Recorded.Receipts += pong.Receipt!.Value;
    }

    private void End(ConnectionEnd end)
    {
        Recorded.End = end;
        IsOver = true;
        _socket.Dispose();
    }

    private static int Parse(string number) => int.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out var value) ? value : -1;

    // FNV-1a: any change of a byte changes it.
    private static ulong Hash(ReadOnlySpan<byte> bytes)
    {
        var hash = 14695981039346656037;
        foreach (var one in bytes) hash = (hash ^ one) * 1099511628211;
        return hash;
    }
}
