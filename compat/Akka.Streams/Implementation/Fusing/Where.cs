using Akka.Streams.Stage;
using Akka.Streams.Supervision;

namespace Akka.Streams.Implementation.Fusing;

/// <summary>Emits the elements for which a predicate holds.</summary>
internal sealed class Where<T> : LinearStage<T, T>
{
    private readonly Predicate<T> _predicate;

    public Where(Predicate<T> predicate)
        : base("where") => _predicate = predicate;

    protected override GraphStageLogic CreateLogic(Attributes inheritedAttributes) => new Logic(this, inheritedAttributes.Decider());

    private sealed class Logic(Where<T> stage, Decider decider) : LinearLogic(stage)
    {
        public override void OnPush()
        {
            try
            {
                var element = Grab(In);
                if (stage._predicate(element))
                    Push(Out, element);
                else
                    Pull(In);
            }
            catch (Exception e)
            {
                if (decider(e) == Directive.Stop)
                    FailStage(e);
                else
                    Pull(In);
            }
        }
    }
}
