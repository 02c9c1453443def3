using Akka.Pattern;
using Akka.Streams.Implementation.Fusing;
using Akka.Streams.Stage;

namespace Akka.Streams.Implementation;

/// <summary>
/// The running part of a source queue. Offers come from any thread and are handled inside the stage; those made before it has started wait,
/// those made after it has stopped fail. With back-pressure one offer at a time may wait for room, a second one fails.
/// </summary>
internal sealed class QueueSourceLogic<T> : OutGraphStageLogic
{
    public static readonly object CompleteSignal = new();

    public readonly TaskCompletionSource<object> Completion = new();
    private readonly QueueSource<T> _stage;
    private readonly Outlet<T> _out;
    private readonly BoundedBuffer<T> _buffer;
    private readonly Lock _phase = new();
    private List<object> _early = [];
    private Action<object> _callback;
    private QueueSourceOffer<T> _waiting;
    private bool _stopped;
    private bool _ending;

    public QueueSourceLogic(QueueSource<T> stage)
        : base(stage.Shape)
    {
        _stage = stage;
        _out = stage.Shape.Outlet;
        _buffer = new BoundedBuffer<T>(stage.BufferSize);
        SetHandler(_out, this);
    }

    /// <summary>Any thread: an offer, the signal to complete, or the reason to fail.</summary>
    public void Send(object signal)
    {
        lock (_phase)
        {
            if (_stopped)
                (signal as QueueSourceOffer<T>)?.Reject(new StreamDetachedException());
            else if (_callback is null)
                _early.Add(signal);
            else
                _callback(signal);
        }
    }

    public override void PreStart()
    {
        lock (_phase)
        {
            _callback = GetAsyncCallback<object>(OnSignal);
            foreach (var signal in _early)
                _callback(signal);
            _early = null;
        }
    }

    public override void PostStop()
    {
        lock (_phase)
            _stopped = true;
        Completion.TrySetException(new StreamDetachedException());
    }

    public override void OnPull()
    {
        if (_buffer.Count > 0)
        {
            Push(_out, _buffer.Dequeue());
            if (_waiting is not null)
                Enqueue(TakeWaiting());
        }
        else if (_waiting is not null)
        {
            var offer = TakeWaiting();
            Push(_out, offer.Element);
            offer.Answer(QueueOfferResult.Enqueued.Instance);
        }

        if (_ending && _buffer.Count == 0)
            End();
    }

    public override void OnDownstreamFinish(Exception cause)
    {
        if (_waiting is not null)
            TakeWaiting().Answer(QueueOfferResult.QueueClosed.Instance);
        End();
    }

    private void OnSignal(object signal)
    {
        switch (signal)
        {
            case QueueSourceOffer<T> offer:
                OnOffer(offer);
                break;
            case Exception reason:
                Completion.TrySetException(reason);
                FailStage(reason);
                break;
            default:
                if (_buffer.Count > 0 || _waiting is not null)
                    _ending = true;
                else
                    End();
                break;
        }
    }

    private void OnOffer(QueueSourceOffer<T> offer)
    {
        if (IsAvailable(_out))
        {
            // Demand and an element in the buffer never meet, so this one is the next.
            Push(_out, offer.Element);
            offer.Answer(QueueOfferResult.Enqueued.Instance);
        }
        else if (!_buffer.IsFull)
        {
            Enqueue(offer);
        }
        else if (_stage.Strategy == OverflowStrategy.Fail && (_stage.BufferSize > 0 || _waiting is not null))
        {
            var overflow = new BufferOverflowException($"Buffer overflow (max capacity was: {_stage.BufferSize})!");
            offer.Answer(new QueueOfferResult.Failure(overflow));
            Completion.TrySetException(overflow);
            FailStage(overflow);
        }
        else if (_stage.BufferSize > 0 && _stage.Strategy != OverflowStrategy.Backpressure)
        {
            _buffer.EnqueueDropping(offer.Element, _stage.Strategy);
            offer.Answer(_stage.Strategy == OverflowStrategy.DropNew ? QueueOfferResult.Dropped.Instance : QueueOfferResult.Enqueued.Instance);
        }
        else
        {
            Wait(offer);
        }
    }

    private void Wait(QueueSourceOffer<T> offer)
    {
        if (_waiting is null)
        {
            _waiting = offer;
            return;
        }

        switch (_stage.Strategy)
        {
            case OverflowStrategy.DropHead or OverflowStrategy.DropBuffer:
                TakeWaiting().Answer(QueueOfferResult.Dropped.Instance);
                _waiting = offer;
                break;
            case OverflowStrategy.DropTail or OverflowStrategy.DropNew:
                offer.Answer(QueueOfferResult.Dropped.Instance);
                break;
            default:
                offer.Reject(new IllegalStateException("You have to wait for previous offer to be resolved to send another request."));
                break;
        }
    }

    private void Enqueue(QueueSourceOffer<T> offer)
    {
        _buffer.Enqueue(offer.Element);
        offer.Answer(QueueOfferResult.Enqueued.Instance);
    }

    private QueueSourceOffer<T> TakeWaiting()
    {
        var offer = _waiting;
        _waiting = null;
        return offer;
    }

    private void End()
    {
        Completion.TrySetResult(null);
        CompleteStage();
    }
}
