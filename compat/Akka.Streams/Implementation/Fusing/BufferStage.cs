using Akka.Streams.Stage;

namespace Akka.Streams.Implementation.Fusing;

/// <summary>Takes up to n elements more than the downstream asks for, and does with the next one what its strategy says.</summary>
internal sealed class BufferStage<T> : LinearStage<T, T>
{
    private readonly int _size;
    private readonly OverflowStrategy _strategy;

    public BufferStage(int size, OverflowStrategy strategy)
        : base("buffer")
    {
        _size = size;
        _strategy = strategy;
    }

    protected override GraphStageLogic CreateLogic(Attributes inheritedAttributes) => new Logic(this);

    private sealed class Logic(BufferStage<T> stage) : LinearLogic(stage)
    {
        private readonly BoundedBuffer<T> _buffer = new(stage._size);

        public override void PreStart()
        {
            if (stage._size < 1)
                throw new ArgumentException("buffer size must be positive");
            Pull(In);
        }

        public override void OnPush()
        {
            var element = Grab(In);
            if (IsAvailable(Out))
            {
                Push(Out, element);
                Pull(In);
                return;
            }

            if (_buffer.IsFull)
            {
                if (stage._strategy == OverflowStrategy.Fail)
                {
                    FailStage(new BufferOverflowException($"Buffer overflow (max capacity was {stage._size})"));
                    return;
                }

                _buffer.EnqueueDropping(element, stage._strategy);
            }
            else
            {
                _buffer.Enqueue(element);
            }

            if (stage._strategy != OverflowStrategy.Backpressure || !_buffer.IsFull)
                Pull(In);
        }

        public override void OnPull()
        {
            if (_buffer.Count > 0)
                Push(Out, _buffer.Dequeue());
            if (!IsClosed(In))
            {
                if (!HasBeenPulled(In))
                    Pull(In);
            }
            else if (_buffer.Count == 0)
            {
                CompleteStage();
            }
        }

        public override void OnUpstreamFinish()
        {
            if (_buffer.Count == 0)
                CompleteStage();
        }
    }
}
