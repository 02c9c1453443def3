using System.Text;
using UdsBroker.Broker.Tests.Core;

namespace UdsBroker.Broker.Tests.Model;

/// <summary>A client of the model: what it has sent and not yet been read, and what it was sent.</summary>
internal sealed class ModelClient
{
    private readonly Queue<(long End, Action Effect)> _effects = new();
    private readonly List<byte> _outgoing = [];
    private long _written;
    private int _published;

    internal ModelClient(int number, CoreConnection connection)
    {
        (Number, Connection) = (number, connection);
        connection.Consumed = OnConsumed;
    }

    internal int Number { get; }

    internal CoreConnection Connection { get; }

    internal List<ModelSubscription> Subscriptions { get; } = [];

    /// <summary>All messages of it that were taken to be routed, at once or later.</summary>
    internal List<ModelMessage> Routed { get; } = [];

    internal uint LastSid { get; set; }

    /// <summary>Its end came without order: what it was sent last is not known.</summary>
    internal bool IsDead { get; set; }

    internal bool IsDraining { get; set; }

    internal bool IsActive => !IsDead && !IsDraining;

    internal Received Received { get; private set; } = new();

    /// <summary>Writes a frame whose effect on the model comes when the broker has read it.</summary>
    internal void Write(byte[] frame, Action effect)
    {
        _outgoing.AddRange(frame);
        _written += frame.Length;
        _effects.Enqueue((_written, effect));
    }

    /// <summary>Sends what was written, all but the last so many bytes.</summary>
    internal void Send(int keep = 0)
    {
        var count = Math.Max(0, _outgoing.Count - keep);
        if (count == 0) return;
        var bytes = _outgoing[..count].ToArray();
        _outgoing.RemoveRange(0, count);
        Connection.Send(bytes);
    }

    /// <summary>The next message, with a header or none; some of those without have a reply subject.</summary>
    internal ModelMessage NewMessage(string subject, int size, string header, long value)
    {
        var number = ++_published;
        var text = $"{Number}/{number}/";
        if (text.Length < size) text += new string((char)('a' + (number % 26)), size - text.Length);
        if (header.Length > 0)
            return new ModelMessage(Connection.Id, number, subject, "", Frames.Publish(subject, text, (header, value.ToString(provider: null)))) { Header = header, Value = value };
        var reply = number % 7 == 0 ? $"reply.{Number}.{number}" : "";
        return new ModelMessage(Connection.Id, number, subject, reply, Frames.Publish(subject, Encoding.ASCII.GetBytes(text), reply));
    }

    /// <summary>The routed message with that payload; they are routed in the order of their numbers.</summary>
    internal ModelMessage FindRouted(string payload) => Routed[int.Parse(payload.Split('/')[1], provider: null) - 1];

    /// <summary>Takes apart all that it received.</summary>
    internal void Receive() => Received = Received.Parse(Connection.Socket.TakeReceived(), mayBeCut: IsDead);

    public override string ToString() => $"client {Number}{(IsDead ? " (dead)" : IsDraining ? " (draining)" : "")}";

    private void OnConsumed(long consumed)
    {
        while (_effects.TryPeek(out var next) && next.End <= consumed) _effects.Dequeue().Effect();
    }
}
