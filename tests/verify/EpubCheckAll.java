import com.adobe.epubcheck.tool.EpubChecker;

/** Runs EPUBCheck on many books in one JVM: pairs of arguments, a book and the file for its JSON report. */
public class EpubCheckAll {
    public static void main(String[] pairs) {
        for (int i = 0; i < pairs.length; i += 2) {
            new EpubChecker().run(new String[] {pairs[i], "-u", "--failonwarnings", "--quiet", "--json", pairs[i + 1]});
        }
    }
}
