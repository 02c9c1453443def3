using Akka.Streams.Stage;

namespace Akka.Streams.Implementation.Fusing;

/// <summary>Emits the first n elements, then completes and cancels.</summary>
internal sealed class Take<T> : LinearStage<T, T>
{
    private readonly long _count;

    public Take(long count)
        : base("take") => _count = count;

    protected override GraphStageLogic CreateLogic(Attributes inheritedAttributes) => new Logic(this);

    private sealed class Logic(Take<T> stage) : LinearLogic(stage)
    {
        private long _left = stage._count;

        public override void OnPush()
        {
            _left--;
            Push(Out, Grab(In));
            if (_left <= 0)
                CompleteStage();
        }

        public override void OnPull()
        {
            if (_left > 0)
                Pull(In);
            else
                CompleteStage();
        }
    }
}
