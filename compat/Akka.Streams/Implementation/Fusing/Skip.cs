using Akka.Streams.Stage;

namespace Akka.Streams.Implementation.Fusing;

/// <summary>Drops the first n elements.</summary>
internal sealed class Skip<T> : LinearStage<T, T>
{
    private readonly long _count;

    public Skip(long count)
        : base("skip") => _count = count;

    protected override GraphStageLogic CreateLogic(Attributes inheritedAttributes) => new Logic(this);

    private sealed class Logic(Skip<T> stage) : LinearLogic(stage)
    {
        private long _left = stage._count;

        public override void OnPush()
        {
            if (_left > 0)
            {
                _left--;
                Grab(In);
                Pull(In);
            }
            else
            {
                Push(Out, Grab(In));
            }
        }
    }
}
