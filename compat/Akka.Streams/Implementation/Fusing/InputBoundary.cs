using Akka.Actor;
using Akka.Streams.Stage;

namespace Akka.Streams.Implementation.Fusing;

/// <summary>
/// The receiving end of an asynchronous wire. It asks for as many elements as its buffer holds, and then for half a buffer whenever it has
/// handed on as many: one message per batch carries the demand, and the sender goes on while the receiver works.
/// </summary>
internal sealed class InputBoundary : BoundaryLogic, IOutHandler
{
    private static readonly Outlet<object> Out = new("UpstreamBoundary") { Id = 0 };

    private readonly OutputBoundary _upstream;
    private object[] _buffer;
    private int _batch;
    private int _first;
    private int _count;
    private int _leftOfBatch;
    private bool _upstreamEnded;

    public InputBoundary(OutputBoundary upstream)
        : base(inCount: 0, outCount: 1)
    {
        _upstream = upstream;
        SetHandler(Out, this);
    }

    /// <summary>Called once, when the island is complete.</summary>
    public void SizeBuffer(int size)
    {
        if (!System.Numerics.BitOperations.IsPow2(size))
            throw new ArgumentException("Buffer size must be a power of two", nameof(size));
        _buffer = new object[size];
        _batch = Math.Max(1, size / 2);
        _leftOfBatch = _batch;
    }

    public void OnPull()
    {
        if (_count > 0)
            PushFirst();
        if (_upstreamEnded && _count == 0)
            Complete(Out);
    }

    public void OnDownstreamFinish(Exception cause)
    {
        if (_upstreamEnded)
            return;
        _upstreamEnded = true;
        Clear();
        TellUpstream(new BoundarySignal.Cancel(_upstream, cause));
    }

    public void OnNext(object element)
    {
        if (_upstreamEnded)
            return;
        _buffer[(_first + _count) & (_buffer.Length - 1)] = element;
        _count++;
        if (IsAvailable(Out))
            PushFirst();
    }

    public void OnComplete()
    {
        if (_upstreamEnded)
            return;
        _upstreamEnded = true;
        if (_count == 0)
            Complete(Out);
    }

    /// <summary>A failure overtakes the elements that wait in the buffer.</summary>
    public void OnError(Exception cause)
    {
        if (_upstreamEnded)
            return;
        _upstreamEnded = true;
        Clear();
        Fail(Out, cause);
    }

    public override void Started()
    {
        if (!_upstreamEnded)
            TellUpstream(new BoundarySignal.Request(_upstream, _buffer.Length));
    }

    public override void Abort(Exception reason)
    {
        if (!_upstreamEnded)
            TellUpstream(new BoundarySignal.Cancel(_upstream, SubscriptionWithCancelException.NoMoreElementsNeeded.Instance));
        if (!IsClosed(Out))
        {
            _upstreamEnded = true;
            Clear();
            Fail(Out, reason);
        }
    }

    private void PushFirst()
    {
        var element = _buffer[_first];
        _buffer[_first] = null;
        _first = (_first + 1) & (_buffer.Length - 1);
        _count--;
        if (--_leftOfBatch == 0 && !_upstreamEnded)
        {
            TellUpstream(new BoundarySignal.Request(_upstream, _batch));
            _leftOfBatch = _batch;
        }

        Push(Out, element);
    }

    private void Clear()
    {
        Array.Clear(_buffer);
        _count = 0;
    }

    private void TellUpstream(BoundarySignal signal) => _upstream.Owner?.Tell(signal, ActorRefs.NoSender);
}
